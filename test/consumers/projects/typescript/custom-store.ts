import session, { type SessionData, Store } from 'sessionware'

type Answer<T = void> = (error: unknown, value?: T) => void

/** A store with the method signatures of @types/express-session. */
export class MapStore extends Store {
  private readonly records = new Map<string, string>()

  constructor(readonly options: { prefix?: string } = {}) {
    super()
  }

  get(sid: string, callback: Answer<SessionData | null>): void {
    const json = this.records.get(sid)
    callback(null, json === undefined ? null : JSON.parse(json))
  }

  set(sid: string, data: SessionData, callback?: (error?: unknown) => void): void {
    this.records.set(sid, JSON.stringify(data))
    callback?.()
  }

  destroy(sid: string, callback?: (error?: unknown) => void): void {
    this.records.delete(sid)
    callback?.()
  }

  override touch(sid: string, data: SessionData, callback?: () => void): void {
    this.set(sid, data, callback)
  }

  override all(callback: Answer<SessionData[] | { [sid: string]: SessionData } | null>): void {
    const records = [...this.records.values()]
    callback(
      null,
      records.map((json) => JSON.parse(json)),
    )
  }

  override length(callback: Answer<number>): void {
    callback(null, this.records.size)
  }

  override clear(callback?: (error?: unknown) => void): void {
    this.records.clear()
    callback?.()
  }
}

const store: Store = new MapStore({ prefix: 'session:' })
store.on('disconnect', () => store.emit('connect'))
store.load('an id', (_error, loaded) => loaded?.cookie.maxAge)

session({ secret: 'a secret', store })
