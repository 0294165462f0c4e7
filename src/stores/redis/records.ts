import { expiryOf } from '../../cookie/cookie-data'
import type { FoundSession, Outcome, SessionData, UserOf } from '../../types'
import { commandsOf } from './client'
import type { Commands } from './commands'
import type { ResolvedRedisOptions } from './redis-store-options'
import { Script, sha1 } from './script'
import { setTextOf, textOf } from './text-of'
import { indexPrefixOf, UserIndex } from './user-index'

/** The records of a `RedisStore`: each is the JSON of a session, under the prefix and the session id. */
export class Records {
  readonly commands: Commands
  /** The start of the keys, as the commands need it. */
  readonly prefix: string
  userIndex: UserIndex | undefined
  private readonly ttl: number

  constructor({ client, prefix, ttl }: ResolvedRedisOptions) {
    this.commands = commandsOf(client)
    this.prefix = this.commands.missingPrefix + prefix
    this.ttl = ttl
  }

  async get(sid: string): Promise<SessionData | null> {
    return readRecord(await this.fetch(sid))
  }

  /** Resolves to the reply that `readRecord` reads. */
  fetch(sid: string): Promise<unknown> {
    const key = this.prefix + sid
    return this.commands.send(key, ['GET', key])
  }

  async set(sid: string, session: SessionData): Promise<void> {
    const life = this.lifeOf(session)
    if (life <= 0) return this.destroy(sid)
    const key = this.prefix + sid
    const command = ['SET', key, JSON.stringify(session), 'PX', String(life)]
    await this.write(sid, session, life, true, () => this.commands.send(key, command))
  }

  async touch(sid: string, session: SessionData): Promise<void> {
    const life = this.lifeOf(session)
    const key = this.prefix + sid
    await this.write(sid, session, life, false, () => this.commands.send(key, ['PEXPIRE', key, String(life)]))
  }

  async destroy(sid: string): Promise<void> {
    const key = this.prefix + sid
    await this.commands.send(key, ['DEL', key])
  }

  /** Writes the session if there is no record. */
  async create(sid: string, session: SessionData): Promise<Outcome> {
    const key = this.prefix + sid
    const text = JSON.stringify(session)
    const life = this.lifeOf(session)
    const command = ['SET', key, text, 'PX', String(Math.max(life, 1)), 'NX']
    for (;;) {
      const reply = await this.write(sid, session, life, true, () => this.commands.send(key, command))
      const found = reply === null ? await this.commands.send(key, ['GET', key]) : text
      // The record that was there has expired in between.
      if (found === null) continue
      // A client that lost its connection may have sent the command twice, and the first one has written.
      if (String(found) !== text) return readRecord(found) as SessionData
      setTextOf(session, text)
      return true
    }
  }

  /** Writes the session if the record is still the loaded one. */
  async replace(sid: string, session: SessionData, loaded: SessionData): Promise<Outcome> {
    const text = JSON.stringify(session)
    const life = this.lifeOf(session)
    const known = textOf(loaded)
    // No record has the digest '', so the reply to it is the record.
    const digest = known === undefined ? '' : sha1(known)
    const reply = await this.write(sid, session, life, false, () =>
      REPLACE.run(this.commands, this.prefix + sid, digest, text, String(Math.max(life, 1))),
    )
    if (reply === null) return false
    if (reply !== WRITTEN && String(reply) !== '1') return readRecord(reply) ?? false
    setTextOf(session, text)
    return true
  }

  index(userOf: UserOf): void {
    this.userIndex = new UserIndex(this.commands, indexPrefixOf(this.prefix), userOf)
  }

  /** Resolves to the sessions of this user. Ids without a record are left out: they were ended, or are being written now. */
  async findByUser(user: string): Promise<FoundSession[]> {
    const { userIndex } = this
    if (!userIndex)
      throw new TypeError(
        'RedisStore has no index of users: call sessionsOf(store, userOf) when the process starts',
      )
    const entries = await userIndex.find(user)
    const found = await inSteps(entries, async ([sid, expires]) => {
      const session = await this.get(sid)
      if (!session || !userIndex.belongsTo(session, user)) return []
      // Touches have moved the expiry of the key only.
      return [
        { ...session, cookie: { ...session.cookie, expires: new Date(expires) }, id: sid } as FoundSession,
      ]
    })
    return found.flat()
  }

  /** Returns how long the record of this session is kept from now on, in milliseconds. */
  private lifeOf(session: SessionData): number {
    const expiry = expiryOf(session?.cookie)
    return expiry === undefined || Number.isNaN(expiry) ? this.ttl : Math.ceil(expiry - Date.now())
  }

  /**
   * Sends a command that writes a record, after or together with the one that puts the session into the index. With
   * `mayCreate` no record may be stored without the other, so two servers are asked one after the other.
   */
  private write(
    sid: string,
    session: SessionData,
    life: number,
    mayCreate: boolean,
    send: () => Promise<unknown>,
  ): Promise<unknown> {
    const indexed = life > 0 ? this.userIndex?.add(sid, session, life) : undefined
    if (!indexed) return send()
    if (mayCreate && !this.commands.isOrdered) return indexed.then(send)
    return Promise.all([send(), indexed]).then(([reply]) => reply)
  }
}

/** Returns the record in a reply. Throws for a text that is no JSON; its error shows nothing of the text. */
export function readRecord(reply: unknown): SessionData | null {
  if (reply === null || reply === undefined) return null
  const text = String(reply)
  const record = parse(text)
  if (typeof record === 'object' && record !== null) setTextOf(record, text)
  return record
}

const WRITTEN = 1

/** Replaces a text if its digest is this one. Replies with null if there is none, and with the text if it is another one. */
const REPLACE = new Script(`
local text = redis.call('GET', KEYS[1])
if not text then return false end
if redis.sha1hex(text) ~= ARGV[1] then return text end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`)

function parse(text: string): SessionData | null {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(NO_JSON)
  }
}

const NO_JSON =
  'a record in Redis is not JSON: another program uses the same prefix, or connect-redis has written it with a serializer'

/** How many commands are sent at once. */
const STEP = 1000

/** Does the work for all items, not for too many at once. */
export async function inSteps<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += STEP)
    results.push(...(await Promise.all(items.slice(start, start + STEP).map(work))))
  return results
}
