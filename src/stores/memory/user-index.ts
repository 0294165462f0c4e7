interface Indexed {
  user?: string | undefined
}

/**
 * The session ids of each user. It is brought up to date when it is read, so that a write costs no JSON.parse: until then
 * it only notes which records have changed.
 */
export class UserIndex<T extends Indexed> {
  private readonly users = new Map<string, Set<string>>()
  /** The ids of the records that were put since the last search. */
  private readonly changed = new Set<string>()

  /** `recordOf` returns a record that has not expired. */
  constructor(
    private readonly recordOf: (sid: string) => T | undefined,
    private readonly userOf: (record: T) => string | undefined,
  ) {}

  /** Called when a record is put. `before` is the one that it replaces. */
  notePut(sid: string, before?: T): void {
    this.remove(sid, before)
    this.changed.add(sid)
  }

  noteDrop(sid: string, record: T | undefined): void {
    this.remove(sid, record)
    this.changed.delete(sid)
  }

  clear(): void {
    this.users.clear()
    this.changed.clear()
  }

  /** How many ids it has. */
  get size(): number {
    let size = this.changed.size
    for (const ids of this.users.values()) size += ids.size
    return size
  }

  /** Returns the records of a user. */
  find(user: string): [sid: string, record: T][] {
    for (const sid of this.changed) this.add(sid, this.recordOf(sid))
    const found: [string, T][] = []
    for (const sid of this.users.get(user) ?? []) {
      const record = this.recordOf(sid)
      if (record) found.push([sid, record])
    }
    return found
  }

  private add(sid: string, record: T | undefined): void {
    const user = record && this.userOf(record)
    this.changed.delete(sid)
    if (!record || user === undefined) return
    record.user = user
    const ids = this.users.get(user)
    if (ids) ids.add(sid)
    else this.users.set(user, new Set([sid]))
  }

  private remove(sid: string, record: T | undefined): void {
    if (record?.user === undefined) return
    const ids = this.users.get(record.user)
    ids?.delete(sid)
    if (ids?.size === 0) this.users.delete(record.user)
  }
}
