/** Returns the known name that a name was probably meant to be: with other capitals, a letter more, less or other. */
export function similarName(name: string, known: readonly string[]): string | undefined {
  const plain = simplify(name)
  let best: { name: string; distance: number } | undefined
  for (const other of known) {
    const distance = distanceOf(plain, simplify(other))
    // Two mistakes in a long name, one in a short one, none in one of up to three letters.
    const limit = other.length > 7 ? 2 : other.length > 3 ? 1 : 0
    if (distance <= limit && distance < (best?.distance ?? 3)) best = { name: other, distance }
  }
  return best?.name
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '')
}

/** The number of letters to insert, remove or replace (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
