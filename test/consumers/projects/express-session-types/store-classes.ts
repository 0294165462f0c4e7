import { EventEmitter } from 'node:events'
import { inherits } from 'node:util'
import type express from 'express'
import session, { MemoryStore, type Session, type SessionData, Store } from 'sessionware'

type Callback = (err?: any, data?: any) => any

/** A store with the signatures of @types/express-session, `override` where the base class has the method. */
export class WholeStore extends Store {
  generate = 'a name of its own'
  get(sid: string, callback: (err: any, session?: SessionData | null) => void): void {
    callback(null, sid ? { cookie: { originalMaxAge: null } } : null)
  }
  set(_sid: string, _session: SessionData, callback?: (err?: any) => void): void {
    callback?.()
  }
  destroy(_sid: string, callback?: (err?: any) => void): void {
    if (callback) callback()
  }
  override touch(_sid: string, _session: SessionData, callback?: () => void): void {
    callback?.()
  }
  override all(
    callback: (err: any, obj?: SessionData[] | { [sid: string]: SessionData } | null) => void,
  ): void {
    callback(null, [{ cookie: { originalMaxAge: 1 } }])
  }
  override length(callback: (err: any, length?: number) => void): void {
    callback(null, 0)
  }
  override clear(callback?: (err?: any) => void): void {
    callback?.()
  }
  override regenerate(req: express.Request, callback: (err?: any) => any): void {
    super.regenerate(req, callback)
  }
  override load(sid: string, callback: (err: any, session?: SessionData) => any): void {
    super.load(sid, (err, found) => callback(err, found))
  }
  override createSession(req: express.Request, data: SessionData): Session & SessionData {
    return super.createSession(req, data)
  }
}

export class OwnLoadStore extends WholeStore {
  override load(sid: string, callback: (err: any, session?: SessionData) => any): void {
    this.get(sid, (err, found) => (found ? callback(err, found) : callback(err)))
  }
  override createSession(req: express.Request, data: SessionData): any {
    return super.createSession(req, { ...data })
  }
}

/** Async methods with optional callbacks, as connect-redis and others have. */
export class AsyncStore extends Store {
  async get(_sid: string, callback?: Callback): Promise<any> {
    return callback ? callback(null, null) : null
  }
  async set(_sid: string, { cookie }: SessionData, callback?: Callback): Promise<any> {
    return callback?.(null, cookie.expires ? Number(new Date(cookie.expires)) : cookie.originalMaxAge)
  }
  async destroy(_sid: string, callback?: Callback) {
    return callback?.()
  }
  override async touch(_sid: string, _session: SessionData, callback?: Callback) {
    return callback?.()
  }
  override async all(callback?: Callback) {
    return callback?.(null, [])
  }
  override async length(callback?: Callback) {
    return callback?.(null, 0)
  }
}

/** Methods that are properties, overloads and looser parameters. */
export class LooseStore extends Store {
  get = (_sid: string, callback: (err?: unknown, session?: any) => void): void => callback()
  set = (_sid: string, _session: any, callback?: (err?: Error | null) => void): void => callback?.(null)
  destroy = (_sid: string | string[], callback: (err?: any) => void = () => {}): void => callback()
  override touch = (_sid: string, _data: any, callback?: (err: any) => void): void => callback?.(null)
  override length(callback: (err: any, length: number) => void): void
  override length(): Promise<number>
  override length(callback?: (err: any, length: number) => void): any {
    return callback ? callback(null, 0) : Promise.resolve(0)
  }
}

export class InterfaceStore extends EventEmitter implements Store {
  get(_sid: string, callback: (err: any, session?: SessionData | null) => void): void {
    callback(null)
  }
  set(_sid: string, _session: SessionData, callback?: (err?: any) => void): void {
    callback?.()
  }
  destroy(_sid: string, callback?: (err?: any) => void): void {
    callback?.()
  }
  regenerate(_req: express.Request, callback: (err?: any) => any): void {
    callback()
  }
  load(_sid: string, callback: (err: any, session?: SessionData) => any): void {
    callback(null, { cookie: { originalMaxAge: null } })
  }
  createSession(req: express.Request, data: SessionData): Session & SessionData {
    return Object.assign(req.session, data)
  }
}

export class CountingStore extends MemoryStore {
  private sessions = new Map<string, number>()
  protected records: string[] = []
  override get(sid: string, callback: (err: any, session?: SessionData | null) => void): void {
    this.sessions.set(sid, (this.sessions.get(sid) ?? 0) + 1)
    super.get(sid, (err, found) => callback(err, found ?? null))
  }
  override set(sid: string, data: SessionData, callback?: (err?: any) => void): void {
    super.set(sid, data, callback)
  }
  override destroy(sid: string, callback?: (err?: any) => void): void {
    super.destroy(sid, callback)
  }
  override all(callback: (err: any, obj?: { [sid: string]: SessionData } | null) => void): void {
    super.all((err, obj) => callback(err, obj ?? null))
  }
  override length(callback: (err: any, length?: number) => void): void {
    super.length(callback)
  }
  override clear(callback?: (err?: any) => void): void {
    super.clear(callback)
  }
  override touch(sid: string, data: SessionData, callback?: () => void): void {
    super.touch(sid, data, callback)
  }
}

const stores: Store[] = [
  new WholeStore(),
  new OwnLoadStore(),
  new AsyncStore(),
  new LooseStore(),
  new InterfaceStore(),
  new CountingStore(),
]
export const middlewares = stores.map((store) => session({ secret: 'a secret', store }))

export function inspect(store: Store, memory: MemoryStore, req: express.Request): void {
  store.get('an id', (err: Error, found) => found?.cookie.maxAge ?? err)
  store.get('an id', (_err, found: SessionData | null | undefined) => found)
  store.set('an id', { cookie: { originalMaxAge: null } })
  store.all?.((_err, found) => (Array.isArray(found) ? found.length : Object.keys(found ?? {})))
  store.length?.((_err, count?: number) => count)
  store.clear?.()
  store.touch?.('an id', { cookie: { originalMaxAge: null } })
  store.load('an id', (err, found) => (err ? null : found?.cookie))
  store.load('an id', (_err, found?: SessionData) => found)
  store.load('an id', async (_err: Error, _found?: SessionData) => {})
  store.regenerate(req, async () => {})
  store.createSession(req, { cookie: { originalMaxAge: null } }).touch().cookie.maxAge = 1
  memory.all((_err, found) => Object.values(found ?? {}).map((each) => each.cookie))
  memory.length((_err, count) => (count ?? 0) + 1)
  store.on('disconnect', () => store.emit('connect')).removeAllListeners()
}

export function makeStore(Base: typeof Store): Store {
  class Made extends Base {
    get(_sid: string, callback: Callback) {
      callback()
    }
    set(_sid: string, _data: SessionData, callback?: Callback) {
      callback?.()
    }
    destroy(_sid: string, callback?: Callback) {
      callback?.()
    }
  }
  return new Made()
}

export const made = [makeStore(Store), makeStore(session.Store), new (class extends session.MemoryStore {})()]
export const isStore = (value: unknown): value is Store => value instanceof session.Store

/** The older way to make a store. */
export function OldStore(this: Store, options: { prefix?: string }): void {
  MemoryStore.call(this)
  Object.assign(this, options)
}
inherits(OldStore, Store)
Object.setPrototypeOf(OldStore.prototype, session.Store.prototype)
OldStore.prototype.get = function (this: Store, sid: string, callback: Parameters<Store['get']>[1]) {
  this.load(sid, callback)
}

export const emitting = new MemoryStore({ captureRejections: true })
export const touch: Store['touch'] = (_sid, _session, callback) => callback?.()
export const load: Store['load'] = (_sid, callback) => callback(null, { cookie: { originalMaxAge: null } })
export const get: Store['get'] = (_sid, callback) => callback(null, { cookie: { originalMaxAge: null } })
export const create: Store['createSession'] = (req, data) => Object.assign(req.session, data)
export const regenerate: Store['regenerate'] = (req, callback) =>
  req.session ? callback() : callback(req.path)

export function mockStore(base: Store): Store {
  const mock: Omit<Store, keyof EventEmitter> = {
    get: (_sid, callback) => callback(null, { cookie: { originalMaxAge: null } }),
    set: (_sid, _session, callback) => callback?.(),
    destroy: (_sid, callback) => callback?.(null),
    load: (_sid, callback) => callback(null, { cookie: { originalMaxAge: null } }),
    regenerate: (req, callback) => callback(req.path),
    createSession: (req, data) => Object.assign(req.session, data, { user: req.headers.host }),
    length: (callback) => callback(null, 1),
    all: (callback) => callback(null, { a: { cookie: { originalMaxAge: null } } }),
  }
  const partial: Partial<Store> = { get: mock.get, touch: (_sid, _session, callback) => callback?.() }
  return Object.assign(Object.create(base), mock, partial)
}
