export type Data = Record<string, unknown>

/** What one save of a request writes: the keys that it has changed, and whether it has counted. */
export interface Effect {
  set: Data
  deleted: string[]
  adds: number
}

export function diff(base: Data, mine: Data): Effect {
  const isChanged = (key: string) => JSON.stringify(base[key]) !== JSON.stringify(mine[key])
  return {
    set: Object.fromEntries(Object.entries(mine).filter(([key]) => isChanged(key))),
    deleted: Object.keys(base).filter((key) => !(key in mine)),
    adds: 0,
  }
}

function apply(data: Data, { set, deleted, adds }: Effect): Data {
  const result = { ...data, ...set }
  for (const key of deleted) delete result[key]
  if (adds > 0) result.counter = Number(result.counter ?? 0) + adds
  return result
}

/**
 * Returns whether the final data is what the saves of the requests give in some order. With `mayMiss`, some of them may not
 * have been written.
 */
export function isExplained(
  start: Data,
  final: Data,
  requests: readonly Effect[][],
  mayMiss = false,
): boolean {
  const seen = new Set<string>()
  const wanted = textOf(final)
  const search = (data: Data, done: readonly number[]): boolean => {
    const state = `${done.join()} ${textOf(data)}`
    if (seen.has(state)) return false
    seen.add(state)
    if (done.every((count, index) => count === requests[index]?.length)) return textOf(data) === wanted
    return done.some((count, index) => {
      const effect = requests[index]?.[count]
      if (!effect) return false
      const next = done.with(index, count + 1)
      return search(apply(data, effect), next) || (mayMiss && search(data, next))
    })
  }
  return search(
    start,
    requests.map(() => 0),
  )
}

function textOf(data: Data): string {
  return JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)))
}
