import { show } from '../../diagnostics/show'
import { reportOn } from '../../diagnostics/store-reports'
import { textOf } from '../../policy/user'
import type { FoundSession, SessionData, UserOf } from '../../types'
import { type PostgresStore, query, seconds } from './check-store'
import { readRecord } from './records'
import { userExpression, valueAt } from './user-path'

/** Finds the sessions of a user in a table. */
export class UserSearch {
  /** The function of `sessionsOf`. */
  userOf: UserOf | undefined
  /** The function and the path agree on records that were seen. */
  private isChecked = false

  constructor(
    private readonly store: PostgresStore,
    private readonly path: readonly string[] | undefined,
  ) {}

  async find(user: string): Promise<FoundSession[]> {
    if (!this.path) return this.scan(user)
    await this.check(this.path)
    return this.rows(`AND ${userExpression(this.path)} = $2`, [user])
  }

  /** Reads all records, in pages by their keys. */
  private async scan(user: string): Promise<FoundSession[]> {
    const { userOf } = this
    if (!userOf)
      throw new TypeError('findByUser needs the user option of conditional(), or a call of index(userOf)')
    reportOn(
      this.store,
      'SESSIONWARE_LIST_FALLBACK',
      "sessionsOf reads all sessions of the table at each call: name the user's key, as in conditional(store, { user: 'userId' }), and make an index on it",
    )
    const found: FoundSession[] = []
    for (let last = ''; ; ) {
      const page = await this.rows('AND sid > $2 ORDER BY sid LIMIT $3', [last, PAGE])
      for (const session of page) if (textOf(userOf(session)) === user) found.push(session)
      if (page.length < PAGE) return found
      last = page[PAGE - 1]?.id ?? ''
    }
  }

  /**
   * Compares the path with the function on the newest records, until one with a user was seen. Throws a TypeError if they
   * differ: a search would find too little.
   */
  private async check(path: readonly string[]): Promise<void> {
    const { userOf } = this
    if (this.isChecked || !userOf) return
    for (const session of await this.rows('ORDER BY expire DESC LIMIT $2', [SAMPLE])) {
      const [here, there] = [textOf(valueAt(session, path)), textOf(userOf(session))]
      if (there !== undefined) this.isChecked = true
      if (here === there) continue
      this.isChecked = false
      throw new TypeError(
        `the user option of conditional() and the function of sessionsOf differ for a stored session: ${show(path.join('.'))} is ${show(here)}, and the function returns ${show(there)}. Name the key that the function reads, or leave the option out`,
      )
    }
  }

  /** Resolves to the records that have not expired and fulfil the condition. `query` gives one row, so it is an array. */
  private async rows(condition: string, values: unknown[]): Promise<FoundSession[]> {
    const row = await query(
      this.store,
      `SELECT json_agg(found) AS found FROM (
         SELECT sid, sess, extract(epoch FROM expire::timestamptz) * 1000 AS ends FROM ${this.store.quotedTable()}
         WHERE expire >= to_timestamp($1) ${condition}) AS found`,
      [seconds(), ...values],
    )
    const found = (typeof row?.found === 'string' ? JSON.parse(row.found) : row?.found) as Found[] | null
    return (found ?? []).map(sessionIn)
  }
}

interface Found {
  sid: string
  sess: unknown
  ends: number
}

/** How many records a page has. */
const PAGE = 1000

/** How many records are compared at once. */
const SAMPLE = 100

/** `touch` moves the end in the table only, so it is taken from there. */
function sessionIn({ sid, sess, ends }: Found): FoundSession {
  const record = readRecord(sess)
  const cookie = { ...(record.cookie as object), expires: new Date(Number(ends)) }
  return { ...record, cookie: cookie as unknown as SessionData['cookie'], id: sid }
}
