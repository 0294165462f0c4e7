import { textOf } from '../../policy/user'
import type { SessionData, UserOf } from '../../types'
import type { Commands } from './commands'
import { Script } from './script'

/**
 * The ids of the sessions of each user: a sorted set for each user, in which the score of an id is the time when its record
 * expires, in milliseconds since the epoch.
 */
export class UserIndex {
  constructor(
    private readonly commands: Commands,
    /** The start of the keys of the sets. */
    readonly prefix: string,
    private readonly userOf: UserOf,
  ) {}

  /** Adds the session to the set of its user, or moves its expiry there. Returns nothing if it has no user. */
  add(sid: string, session: SessionData, life: number): Promise<unknown> | undefined {
    const user = textOf(this.userOf(session))
    if (user === undefined) return undefined
    const now = Date.now()
    return ADD.run(this.commands, this.prefix + user, sid, String(now + life), String(now))
  }

  /** Resolves to the ids in the set of this user, with the time when each record expires. */
  async find(user: string): Promise<[sid: string, expires: number][]> {
    const key = this.prefix + user
    const range = ['ZRANGEBYSCORE', key, `(${Date.now()}`, '+inf', 'WITHSCORES']
    // A list of ids and scores, or with RESP 3 a list of pairs.
    const flat = ((await this.commands.send(key, range)) as unknown[]).flat()
    return flat.flatMap((each, i) => (i % 2 ? [] : [[String(each), Number(flat[i + 1])]]))
  }

  /** Returns whether the session belongs to this user. */
  belongsTo(session: SessionData, user: string): boolean {
    return textOf(this.userOf(session)) === user
  }
}

/** Removes the ids whose records have expired, and lets the set expire with the last one. */
const ADD = new Script(`
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then redis.call('PEXPIRE', KEYS[1], last[2] - ARGV[3]) end
`)

/**
 * Returns the start of the sets' keys: 'sessu:' for the prefix 'sess:'. No key of a session starts with it, unless the prefix
 * has no punctuation at its end.
 */
export function indexPrefixOf(prefix: string): string {
  const [end = ''] = /[^\p{L}\p{N}]*$/u.exec(prefix) ?? []
  const name = prefix.slice(0, prefix.length - end.length)
  return end === '' ? `u:${name}:` : `${name}u${end}`
}
