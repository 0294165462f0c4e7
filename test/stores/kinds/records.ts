interface Record {
  json: string
  expires: number
}

type Live = { cookie: { expires?: Date | null } }

const FOREVER = Number.POSITIVE_INFINITY

/** The records of the fixture stores, which differ only in the style of their methods. */
export class Records {
  readonly #records = new Map<string, Record>()

  get(sid: string): unknown {
    const record = this.#living(sid)
    return record && JSON.parse(record.json)
  }

  set(sid: string, session: Live): void {
    this.#records.set(sid, { json: JSON.stringify(session), expires: expiryOf(session) })
  }

  touch(sid: string, session: Live): void {
    const record = this.#living(sid)
    if (record) record.expires = expiryOf(session)
  }

  destroy(sid: string): void {
    this.#records.delete(sid)
  }

  all(): Array<[sid: string, session: unknown]> {
    return [...this.#records.keys()].map((sid) => [sid, this.get(sid)])
  }

  length(): number {
    return this.#records.size
  }

  clear(): void {
    this.#records.clear()
  }

  expiryOf(sid: string): number | undefined {
    return this.#records.get(sid)?.expires
  }

  #living(sid: string): Record | undefined {
    const record = this.#records.get(sid)
    return record && record.expires > Date.now() ? record : undefined
  }
}

function expiryOf(session: Live): number {
  return session.cookie.expires ? new Date(session.cookie.expires).getTime() : FOREVER
}
