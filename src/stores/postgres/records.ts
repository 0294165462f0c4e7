import { expiryOf } from '../../cookie/cookie-data'
import type { Outcome, SessionData } from '../../types'
import { type PostgresStore, query, seconds } from './check-store'

/** Reads and writes the records of a table, and knows the version of each record that it has given or written. */
export class Records {
  /** The MD5 of the text of the record, by the object that was read or written. */
  private readonly versions = new WeakMap<object, string>()

  constructor(private readonly store: PostgresStore) {}

  async get(sid: string): Promise<SessionData | null> {
    const row = await this.query(
      'SELECT sess, md5(sess::text) AS version FROM $table WHERE sid = $1 AND expire >= to_timestamp($2)',
      [sid, seconds()],
    )
    return row ? this.recordIn(row) : null
  }

  /** Writes the session if there is no record, or if it has expired. */
  async create(sid: string, session: SessionData): Promise<Outcome> {
    const values = [JSON.stringify(session), this.expiryIn(session), sid, seconds()]
    const row = await this.query(
      `INSERT INTO $table AS stored (sess, expire, sid) SELECT $1, to_timestamp($2), $3
       ON CONFLICT (sid) DO UPDATE SET sess = EXCLUDED.sess, expire = EXCLUDED.expire
       WHERE stored.expire < to_timestamp($4) RETURNING md5(sess::text) AS version`,
      values,
    )
    return this.outcome(sid, session, row)
  }

  /** Writes the session if the record is still the loaded one. One statement compares and writes. */
  async replace(sid: string, session: SessionData, loaded: SessionData): Promise<Outcome> {
    const version = this.versions.get(loaded)
    if (version === undefined) return (await this.get(sid)) ?? false
    const values = [JSON.stringify(session), this.expiryIn(session), sid, seconds(), version]
    const row = await this.query(
      `UPDATE $table SET sess = $1, expire = to_timestamp($2)
       WHERE sid = $3 AND expire >= to_timestamp($4) AND md5(sess::text) = $5 RETURNING md5(sess::text) AS version`,
      values,
    )
    return this.outcome(sid, session, row)
  }

  private async outcome(
    sid: string,
    session: SessionData,
    row: Record<string, unknown> | undefined,
  ): Promise<Outcome> {
    if (!row) return (await this.get(sid)) ?? false
    this.versions.set(session, String(row.version))
    return true
  }

  private recordIn({ sess, version }: Record<string, unknown>): SessionData {
    const record = readRecord(sess)
    this.versions.set(record, String(version))
    return record
  }

  /** When the store may remove the record, as connect-pg-simple counts it. */
  private expiryIn({ cookie }: SessionData): number {
    const end = expiryOf(cookie)
    return end === undefined || Number.isNaN(end)
      ? seconds(Date.now() + (this.store.ttl || ONE_DAY) * 1000)
      : seconds(end)
  }

  private query(sql: string, values: unknown[]): Promise<Record<string, unknown> | undefined> {
    return query(this.store, sql.replace('$table', this.store.quotedTable()), values)
  }
}

/** The default `ttl` of connect-pg-simple, in seconds. */
const ONE_DAY = 86_400

/** The driver parses a column of JSON, unless the application has told it not to. */
export function readRecord(sess: unknown): SessionData {
  return typeof sess === 'string' ? JSON.parse(sess) : (sess as SessionData)
}
