import { isSameLifetime, type Version } from './version'

/**
 * Returns `theirs` with the changes from `base` to `mine`. Top-level keys are compared by their JSON, so a nested value is
 * one key. A key that both have changed is `mine`. The lifetime is merged like a key.
 */
export function merge(base: Version, mine: Version, theirs: Version): Version {
  return {
    snapshot: mergeSnapshots(base.snapshot, mine.snapshot, theirs.snapshot),
    lifetime: isSameLifetime(base.lifetime, mine.lifetime) ? theirs.lifetime : mine.lifetime,
  }
}

function mergeSnapshots(base: string, mine: string, theirs: string): string {
  if (base === theirs || mine === theirs) return mine
  if (base === mine) return theirs
  const before = entriesOf(base)
  const after = entriesOf(mine)
  const merged = entriesOf(theirs)
  // A `toJSON` of the application may make something else of a session than an object.
  if (!before || !after || !merged) return mine
  for (const key of before.keys()) if (!after.has(key)) merged.delete(key)
  for (const [key, value] of after) if (isChanged(before, key, value)) merged.set(key, value)
  return JSON.stringify(Object.fromEntries(merged))
}

function entriesOf(snapshot: string): Map<string, unknown> | undefined {
  const data: unknown = JSON.parse(snapshot)
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data)
  return isObject ? new Map(Object.entries(data)) : undefined
}

function isChanged(before: Map<string, unknown>, key: string, value: unknown): boolean {
  return !before.has(key) || JSON.stringify(before.get(key)) !== JSON.stringify(value)
}
