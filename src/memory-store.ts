import { callable } from './callable'
import { expiryOf } from './cookie'
import { passingSnapshot, takeSnapshot } from './snapshot'
import { Store } from './store'
import type { SessionData } from './types'

// biome-ignore lint/suspicious/noExplicitAny: callers annotate the error as they like, as in @types/express-session.
type Callback<T = void> = (err?: any, value?: T) => void

/** A session as it is kept: in JSON, so that nobody's live object is shared. */
interface Entry {
  /** The session without its cookie. */
  data: string
  /** Undefined where what was stored had no cookie. */
  cookie: string | undefined
  /** Milliseconds since the epoch; undefined where the session does not expire. */
  expiry: number | undefined
}

/** Keeps sessions in this process's memory: they end with it, and no other process sees them. */
class MemoryStore extends Store {
  /** What is kept, by session id. */
  entries = new Map<string, Entry>()

  /** What is kept as JSON by session id, for those who look into it; changing it changes nothing. */
  get sessions(): { [sid: string]: string } {
    const sessions: { [sid: string]: string } = Object.create(null)
    for (const [sid, entry] of this.entries) sessions[sid] = JSON.stringify(read(entry))
    return sessions
  }

  override get(sid: string, callback: Callback<SessionData>): void {
    const entry = this.find(sid)
    const answer = callback as (err: unknown, record?: SessionData, snapshot?: string) => void
    if (entry) setImmediate(answer, null, read(entry), entry.data)
    else setImmediate(answer, null)
  }

  override set(sid: string, session: SessionData, callback?: Callback, snapshot?: string): void {
    const { cookie } = session ?? {}
    this.entries.set(sid, {
      data: snapshot ?? takeSnapshot(session),
      cookie: cookie && JSON.stringify(cookie),
      expiry: expiryOf(cookie),
    })
    if (callback) setImmediate(callback)
  }

  override touch(sid: string, session: SessionData, callback?: Callback): void {
    const entry = this.find(sid)
    if (entry) {
      entry.cookie = JSON.stringify(session.cookie)
      entry.expiry = expiryOf(session.cookie)
    }
    if (callback) setImmediate(callback)
  }

  override destroy(sid: string, callback?: Callback): void {
    this.entries.delete(sid)
    if (callback) setImmediate(callback)
  }

  override clear(callback?: Callback): void {
    this.entries.clear()
    if (callback) setImmediate(callback)
  }

  override all(callback: Callback<{ [sid: string]: SessionData }>): void {
    const sessions: { [sid: string]: SessionData } = Object.create(null)
    for (const sid of this.entries.keys()) {
      const entry = this.find(sid)
      if (entry) sessions[sid] = read(entry)
    }
    if (callback) setImmediate(callback, null, sessions)
  }

  override length(callback: Callback<number>): void {
    let count = 0
    for (const sid of this.entries.keys()) if (this.find(sid)) count++
    setImmediate(callback, null, count)
  }

  /** The live entry of this id; an expired one is dropped. */
  find(sid: string): Entry | undefined {
    const entry = this.entries.get(sid)
    if (entry?.expiry === undefined || entry.expiry > Date.now()) return entry
    this.entries.delete(sid)
    return undefined
  }
}
passingSnapshot(MemoryStore.prototype.get)
passingSnapshot(MemoryStore.prototype.set)

function read(entry: Entry): SessionData {
  const data = JSON.parse(entry.data)
  return entry.cookie === undefined ? data : { cookie: JSON.parse(entry.cookie), ...data }
}

const CallableMemoryStore = callable(MemoryStore)
type CallableMemoryStore = MemoryStore

export { CallableMemoryStore as MemoryStore }
