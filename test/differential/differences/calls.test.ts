import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { http2Host, type Layer, serve } from '../../support/app'
import { signedCookie } from '../../support/cookies'
import { answer, show } from '../../support/handlers'
import { compare, type SessionModule } from '../../support/implementations'
import { outcome } from '../../support/outcome'
import { record } from '../../support/records'
import { SETTINGS } from '../../support/settings'
import { storeWith } from '../../support/store'
import { visit } from './visit'

const COOKIE = signedCookie('a')

const noWrites = { set() {}, destroy() {} }

describe('save without a callback', () => {
  it('returns a promise', async () => {
    const given = await compare(async (session) => {
      return (
        await visit(
          session,
          {},
          show((req) => (req.session.save() as unknown) instanceof Promise),
        )
      ).text
    })
    expect(given).toEqual({ ours: 'true', upstream: 'false' })
  })
})

describe('regenerate without a callback', () => {
  it('returns a promise', async () => {
    const result = await compare((session) =>
      runWithSynchronousStore(session, (req) => req.session.regenerate()),
    )
    expect(result).toEqual({ ours: 'done', upstream: 'fn is not a function' })
  })
})

describe('reload after destroy', () => {
  it('passes an error to its callback', async () => {
    const result = await compare((session) =>
      runWithSynchronousStore(session, (req) => {
        const kept = req.session
        kept.destroy(() => {})
        return new Promise<void>((resolve) => void kept.reload(() => resolve()))
      }),
    )
    expect(result.ours).toBe('done')
    expect(result.upstream).toMatch(/^Cannot/)
  })
})

describe('genid', () => {
  it('has its error passed to next', async () => {
    const told = await compare(async (session) => {
      const middleware = session({ ...SETTINGS, saveUninitialized: true, genid: failingGenid })
      let isThrown = false
      const guarded: Layer = (req, res, next) => {
        try {
          middleware(req as never, res as never, next)
        } catch {
          isThrown = true
          next()
        }
      }
      const app = serve(guarded, answer)
      await app.get()
      return { isThrown, errors: app.errors.map((error) => error.message) }
    })
    expect(told).toEqual({
      ours: { isThrown: false, errors: ['no id'] },
      upstream: { isThrown: true, errors: [] },
    })
  })
})

describe('a store whose methods return promises', () => {
  it('is supported', async () => {
    const user = await compare((session) => {
      const store = storeWith({ ...noWrites, get: async (_sid: string) => record({ user: 'ann' }) }, session)
      const app = serve(
        session({ ...SETTINGS, store: store as never }),
        show((req) => req.session.user),
      )
      return outcome(session, app.get('/', COOKIE))
    })
    expect(user).toEqual({ ours: '200 "ann"', upstream: 'no response' })
  })
})

describe('HTTP/2', () => {
  it('supports responses whose session is saved', async () => {
    const status = await compare(async (session) => {
      const middleware = session({ ...SETTINGS, saveUninitialized: true })
      return (await http2Host.serve(middleware, answer).get()).status
    })
    expect(status).toEqual({ ours: 200, upstream: 500 })
  })
})

describe('AsyncLocalStorage', () => {
  it('keeps its value with a store that calls back in another async context', async () => {
    const context = new AsyncLocalStorage<string>()
    const answers: Array<() => void> = []
    const pump = setInterval(() => answers.splice(0).forEach((go) => void go()), 1)
    const kept = await compare(async (session) => {
      const get = (_sid: string, done: (err: null, record: object) => void) => {
        answers.push(() => done(null, record()))
      }
      const enter: Layer = (_req, _res, next) => context.run('request', next)
      const store = storeWith({ ...noWrites, get }, session)
      const seen = show(() => context.getStore() ?? null)
      return (await serve(enter, session({ ...SETTINGS, store: store as never }), seen).get('/', COOKIE)).text
    })
    clearInterval(pump)
    expect(kept).toEqual({ ours: '"request"', upstream: 'null' })
  })
})

function failingGenid(): string {
  throw new Error('no id')
}

/** Its store answers in the same event loop turn, so that a later error is thrown out of the called method. */
async function runWithSynchronousStore(session: SessionModule, run: (req: Parameters<Layer>[0]) => unknown) {
  const records = new Map([['a', record()]])
  const store = storeWith(
    {
      get: (sid: string, done: (err: null, record?: object) => void) => done(null, records.get(sid)),
      set: (_sid: string, _session: object, done: () => void) => done(),
      destroy(sid: string, done: () => void) {
        records.delete(sid)
        done()
      },
    },
    session,
  )
  const app = serve(session({ ...SETTINGS, store: store as never }), async (req, res) => {
    await run(req)
    res.end('done')
  })
  return (await app.get('/', COOKIE)).text
}
