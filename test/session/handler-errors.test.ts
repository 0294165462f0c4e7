import { createServer } from 'node:http'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { compare, type SessionModule } from '../support/implementations'
import { libraries } from '../support/libraries'
import { crashesOf } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore, storeWith } from '../support/store'

type Done = (err: unknown, record?: object) => void

describe('a handler that throws', () => {
  it('throws an uncaught exception and does not reject the promise inside the store', async () => {
    const seen = await compare((session) => runsOfThrowing(session))
    expect(seen.ours).toEqual({ runs: 1, crashes: ['the handler fails'] })
    expect(seen.upstream.runs).toBe(2)
  })
})

describe.each(libraries)(
  'a callback that throws, with a store that answers in the same tick, with $library',
  ({ session }) => {
    const done = (...args: unknown[]) => (args.at(-1) as Done)(null, record())
    const methods = ['save', 'destroy', 'regenerate', 'reload'] as const

    it.each(methods)('throws in the handler that called %s', async (method) => {
      const store = storeWith({ get: done, set: done, destroy: done }, session)
      const app = serve(session({ ...SETTINGS, store: store as never }), (req) => {
        req.session[method](() => {
          throw new Error('the callback fails')
        })
      })
      const res = await app.get('/', signedCookie('a'))
      expect([res.status, res.text]).toEqual([500, 'the callback fails'])
    })
  },
)

/** The store uses promises internally: when its callback throws, it calls back again with that error. */
async function runsOfThrowing(session: SessionModule) {
  const store = createStore(session)
  const get = (_sid: string, done: Done) => {
    Promise.resolve(record())
      .then((found) => done(null, found))
      .catch(done)
  }
  const middleware = session({ ...SETTINGS, store: Object.assign(store, { get }) })
  let runs = 0
  const server = createServer((req, res) =>
    middleware(req, res, () => {
      runs++
      setImmediate(() => res.end())
      throw new Error('the handler fails')
    }),
  )
  const crashes = await crashesOf(() => supertest(server).get('/').set('Cookie', signedCookie('a')).then())
  return { runs, crashes }
}
