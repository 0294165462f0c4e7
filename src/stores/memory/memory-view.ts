import { type MemoryRecords, putSession, readRecord } from './memory-records'

/**
 * Returns an object with the JSON of each session by id, like express-session's `sessions`. Changing it changes the store.
 * `onDelete` is called after a property was deleted.
 */
export function viewRecords(
  records: MemoryRecords,
  onDelete: (sid: string) => void,
): { [sid: string]: string } {
  const jsonOf = (sid: string | symbol) => {
    const record = typeof sid === 'string' ? records.find(sid) : undefined
    return record && JSON.stringify(readRecord(record))
  }
  return new Proxy(Object.create(null), {
    get: (_view, sid) => jsonOf(sid),
    has: (_view, sid) => jsonOf(sid) !== undefined,
    ownKeys: () => Array.from(records.live(), ([sid]) => sid),
    getOwnPropertyDescriptor: (_view, sid) => describe(jsonOf(sid)),
    set(_view, sid, json) {
      putSession(records, String(sid), json ? JSON.parse(json) : undefined)
      return true
    },
    deleteProperty(_view, sid) {
      records.drop(String(sid))
      onDelete(String(sid))
      return true
    },
  })
}

function describe(value: string | undefined): PropertyDescriptor | undefined {
  return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true }
}
