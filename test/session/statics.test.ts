import { EventEmitter } from 'node:events'
import { inherits } from 'node:util'
import { describe, expect, it } from 'vitest'
import session, { type SessionData } from '../../src'
import { serve } from '../support/app'
import { cookieOf, sidOf } from '../support/cookies'
import { countViews } from '../support/handlers'
import { compare } from '../support/implementations'
import { SETTINGS } from '../support/settings'

type Done = (err?: unknown, record?: unknown) => void

describe('session', () => {
  it('has the static properties of express-session, and functions of its own', async () => {
    const names = await compare((session) => Object.keys(session).sort())
    expect(names).toEqual({
      ours: [
        'Cookie',
        'MemoryStore',
        'Session',
        'Store',
        'explainSession',
        'hashIds',
        'lifetimeOf',
        'readOnly',
        'recommended',
        'sessionsOf',
        'updateSession',
      ],
      upstream: ['Cookie', 'MemoryStore', 'Session', 'Store'],
    })
  })

  it('creates a middleware with three parameters and a name', () => {
    const middleware = session(SETTINGS)
    expect([middleware.name, middleware.length]).toEqual(['session', 3])
  })
})

describe.each(['Session', 'Cookie'] as const)('%s', (name) => {
  it('is a class, which cannot be called without new', async () => {
    const called = await compare((session) => {
      try {
        Reflect.apply(session[name], {}, [{}])
        return 'works'
      } catch (err) {
        return (err as Error).name
      }
    })
    expect(called).toEqual({ ours: 'TypeError', upstream: 'works' })
  })
})

describe('Store', () => {
  it('is an EventEmitter', () => {
    expect(new session.MemoryStore()).toBeInstanceOf(EventEmitter)
    expect(new session.MemoryStore()).toBeInstanceOf(session.Store)
  })

  it('may be called without new by a store in ES5 style', async () => {
    const app = serve(session({ ...SETTINGS, store: createEs5Store() }), countViews)
    const cookie = cookieOf(await app.get())
    expect((await app.get('/', cookie)).text).toBe('2')
  })

  it('may be extended by a class', async () => {
    class MapStore extends session.Store {
      records = new Map<string, string>()
      get(sid: string, done: (err: unknown, record?: SessionData | null) => void) {
        done(null, JSON.parse(this.records.get(sid) ?? 'null'))
      }
      set(sid: string, sess: object, done?: Done) {
        this.records.set(sid, JSON.stringify(sess))
        done?.()
      }
      destroy(sid: string, done?: Done) {
        this.records.delete(sid)
        done?.()
      }
    }
    const store = new MapStore()
    const app = serve(session({ ...SETTINGS, store }), countViews)
    const cookie = cookieOf(await app.get())
    expect((await app.get('/', cookie)).text).toBe('2')
    expect(store.records.size).toBe(1)
  })
})

describe('MemoryStore', () => {
  it('may be called without new', () => {
    const store = Object.create(session.MemoryStore.prototype)
    const create = session.MemoryStore as unknown as (this: unknown) => void
    expect(() => create.call(store)).not.toThrow()
  })
})

describe('req.session', () => {
  it('is a Session', async () => {
    const app = serve(session({ ...SETTINGS, saveUninitialized: true }), (req, res) => {
      res.end(String(req.session instanceof session.Session))
    })
    const res = await app.get()
    expect([res.text, typeof sidOf(res)]).toEqual(['true', 'string'])
  })
})

/** A store in the style of before ES2015 classes, as many published stores are written. */
function createEs5Store() {
  function Es5Store(this: { records: Record<string, string> }) {
    ;(session.Store as unknown as (this: unknown) => void).call(this)
    this.records = {}
  }
  inherits(Es5Store, session.Store)
  Object.assign(Es5Store.prototype, {
    get(this: { records: Record<string, string> }, sid: string, done: Done) {
      done(null, JSON.parse(this.records[sid] ?? 'null'))
    },
    set(this: { records: Record<string, string> }, sid: string, sess: object, done: Done) {
      this.records[sid] = JSON.stringify(sess)
      done()
    },
    destroy(this: { records: Record<string, string> }, sid: string, done: Done) {
      delete this.records[sid]
      done()
    },
  })
  return new (Es5Store as unknown as new () => InstanceType<typeof session.MemoryStore>)()
}
