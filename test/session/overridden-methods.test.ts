import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { hosts, type Layer, serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { eventually } from '../support/eventually'
import { show } from '../support/handlers'
import { ours } from '../support/implementations'
import { libraries } from '../support/libraries'
import { outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')
const noAccess: Layer = (_req, res) => res.end()

describe.each(libraries)('session methods that the application overrides, with $library', ({ session }) => {
  function storeOfAda() {
    const store = createStore(session)
    store.put('a', record({ user: 'ada' }))
    return store
  }

  /** Spies on the method until the test is over. */
  function spyOn<T extends object>(object: T, name: keyof T) {
    const spy = vi.spyOn(object, name as never)
    onTestFinished(() => spy.mockRestore())
    return spy
  }

  it('include `save`, which is called at the end of the request', async () => {
    const store = storeOfAda()
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      const { save } = req.session
      const noted = (done: () => void) => {
        Object.assign(req.session, { value: 'noted' })
        return save.call(req.session, done)
      }
      Object.defineProperty(req.session, 'save', { value: noted, configurable: true })
      req.session.user = 'bob'
      res.end('x')
    })
    expect((await app.get('/', COOKIE)).text).toBe('x')
    expect(store.record('a')).toMatchObject({ user: 'bob', value: 'noted' })
  })

  it('include `save`, which may fail without saving', async () => {
    const store = storeOfAda()
    const save = vi.fn((done: (err?: unknown) => void) => done(new Error('not now')))
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      Object.defineProperty(req.session, 'save', { value: save, configurable: true })
      req.session.user = 'bob'
      res.end('x')
    })
    expect((await app.get('/', COOKIE)).text).toBe('x')
    await eventually(() => expect(app.errors.map(({ message }) => message)).toEqual(['not now']))
    expect([save.mock.calls.length, store.record('a').user]).toEqual([1, 'ada'])
  })

  it.each(['touch', 'resetMaxAge'] as const)(
    'include %s of the class, which is called for a session that no handler reads',
    async (name) => {
      const spy = spyOn(session.Session.prototype, name)
      const app = serve(session({ ...SETTINGS, store: storeOfAda() }), noAccess)
      await app.get('/', COOKIE)
      expect(spy).toHaveBeenCalledTimes(1)
    },
  )

  it('include `touch`, whose changes are saved when nothing else was changed', async () => {
    const store = storeOfAda()
    const app = serve(session({ ...SETTINGS, store }), (req, res) => {
      const { touch } = req.session
      const note = () => Object.assign(touch.call(req.session), { value: 'touched' })
      Object.defineProperty(req.session, 'touch', { value: note })
      res.end()
    })
    await app.get('/', COOKIE)
    expect(store.record('a')).toMatchObject({ user: 'ada', value: 'touched' })
  })

  it('include `createSession` of the Store class, which is called for a stored session', async () => {
    const store = new session.MemoryStore()
    const spy = spyOn(session.Store.prototype, 'createSession')
    store.set('a', record({ user: 'ada' }) as never)
    const app = serve(
      session({ ...SETTINGS, store }),
      show((req) => req.session.user),
    )
    expect((await app.get('/', COOKIE)).text).toBe('"ada"')
    expect(spy).toHaveBeenCalledTimes(1)
  })

  it('keep the id of the session when the handler first assigned another to req.sessionID', async () => {
    const app = serve(session({ ...SETTINGS, store: storeOfAda() }), (req, res) => {
      req.sessionID = 'other'
      res.end(`${req.session.id} ${req.sessionID}`)
    })
    expect((await app.get('/', COOKIE)).text).toBe('a other')
  })
})

describe.each(libraries)(
  'a second middleware on a request whose session was deleted, with $library',
  ({ session }) => {
    const options = { ...SETTINGS, resave: true, saveUninitialized: true }

    function pair() {
      const [site, admin] = [new session.MemoryStore(), new session.MemoryStore()]
      site.set('a', record({ user: 'ada' }) as never)
      const forget: Layer = (req, _res, next) => {
        Reflect.deleteProperty(req, 'session')
        next()
      }
      const layers = [
        session({ ...options, name: 'site', store: site }) as Layer,
        forget,
        session({ ...options, name: 'admin', store: admin }) as Layer,
      ]
      return { site, admin, layers }
    }

    it('does not write its data to the store of the first middleware', async () => {
      const { site, admin, layers } = pair()
      const app = serve(...layers, (req, res) => {
        Object.assign(req.session, { value: 'for admins' })
        res.end()
      })
      await app.get('/', signedCookie('a', undefined, 'site'))
      expect(JSON.stringify(admin.sessions)).toContain('for admins')
      expect(JSON.stringify(site.sessions)).not.toContain('for admins')
    })

    it('gets no data of the deleted session', async () => {
      const { admin, layers } = pair()
      await serve(...layers, noAccess).get('/', signedCookie('a', undefined, 'site'))
      expect(JSON.stringify(admin.sessions)).not.toContain('ada')
    })
  },
)

describe.each(hosts)("an application's own save that throws at once, with $name", (host) => {
  const throwing: Layer = (req, _res, next) => {
    const save = () => {
      throw new Error('not today')
    }
    Object.defineProperty(req.session, 'save', { value: save, configurable: true })
    req.session.user = 'bob'
    next()
  }

  it('gives the error handler one error, and the client still gets the response', async () => {
    const store = createStore(ours)
    store.put('a', record({ user: 'ada' }))
    const app = host.serve(ours({ ...SETTINGS, store }), throwing, (_req, res) => res.end('x'))
    expect(await outcome(ours, app.get('/', COOKIE))).toBe('200 x')
    await eventually(() => expect(app.errors.map(({ message }) => message)).toEqual(['not today']))
    expect(store.record('a').user).toBe('ada')
  })
})

describe('a clone of the session at req.session', () => {
  it('is saved under the id of the request', async () => {
    const store = createStore(ours)
    store.put('a', record({ user: 'ada' }))
    const app = serve(ours({ ...SETTINGS, store }), (req, res) => {
      const clone = Object.create(Object.getPrototypeOf(req.session))
      Object.assign(req, { session: Object.assign(clone, req.session, { user: 'bob' }) })
      res.end()
    })
    await app.get('/', COOKIE)
    expect([[...store.records.keys()], store.record('a').user]).toEqual([['a'], 'bob'])
  })
})
