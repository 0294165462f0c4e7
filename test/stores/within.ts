/** Resolves to the answer. Rejects if it takes longer than these milliseconds. */
export function within<T>(patience: number, answer: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('no answer')), patience).unref()
  })
  return Promise.race([answer, late])
}
