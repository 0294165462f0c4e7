import { currentRequest } from './live-request'

/** Gives ids names that do not depend on the order in which requests run: by the request that first used the id. */
export function createNames(known: string[]): (sid: string) => string {
  const names = new Map<string, string>(known.map((sid) => [sid, sid]))
  const counts = new Map<number, number>()
  return (sid) => {
    const name = names.get(sid)
    if (name !== undefined) return name
    const index = currentRequest.getStore()?.index ?? -1
    const count = (counts.get(index) ?? 0) + 1
    counts.set(index, count)
    const added = `id${index}.${count}`
    names.set(sid, added)
    return added
  }
}
