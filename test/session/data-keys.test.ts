import { describe, expect, it } from 'vitest'
import session from '../../src'
import { serve } from '../support/app'
import { cookieOf, signedCookie } from '../support/cookies'
import { answer, show } from '../support/handlers'
import { compare, type SessionModule } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const INHERITED = [
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
]
const METHODS = ['regenerate', 'destroy', 'reload', 'save', 'touch', 'resetMaxAge']

describe.each(INHERITED)('a session key named %s', (key) => {
  it('is loaded again, unlike in npm’s express-session', async () => {
    expect(await compare((session) => roundTrip(session, key))).toEqual({
      ours: '"value"',
      upstream: undefined,
    })
  })

  it('does not make an unchanged session count as changed', async () => {
    const calls = await compare(async (session) => {
      const store = createStore(session)
      store.put('a', record({ [key]: 'value' }))
      await serve(session({ ...SETTINGS, store }), answer).get('/', signedCookie('a'))
      return store.methods()
    })
    expect(calls.ours).toEqual(['get', 'touch'])
  })
})

describe.each(METHODS)('a stored key named %s', (key) => {
  it('does not hide the method', async () => {
    const store = createStore()
    store.put('a', record({ [key]: 'value' }))
    const app = serve(
      session({ ...SETTINGS, store }),
      show((req) => typeof (req.session as unknown as Record<string, unknown>)[key]),
    )
    expect((await app.get('/', signedCookie('a'))).text).toBe('"function"')
  })
})

describe('a stored key named __proto__', () => {
  it('changes no prototype', async () => {
    const store = createStore()
    const { cookie } = record()
    store.records.set('a', `{"__proto__":{"isAdmin":true},"cookie":${JSON.stringify(cookie)}}`)
    const app = serve(
      session({ ...SETTINGS, store }),
      show((req) => [
        (req.session as { isAdmin?: true }).isAdmin,
        ({} as { isAdmin?: true }).isAdmin,
        typeof req.session.save,
      ]),
    )
    expect((await app.get('/', signedCookie('a'))).text).toBe('[null,null,"function"]')
  })

  it('changes no prototype inside a value', async () => {
    const store = createStore()
    store.records.set(
      'a',
      `{"value":{"__proto__":{"isAdmin":true}},"cookie":${JSON.stringify(record().cookie)}}`,
    )
    const app = serve(
      session({ ...SETTINGS, store }),
      show(() => ({ isAdmin: ({} as { isAdmin?: true }).isAdmin })),
    )
    expect((await app.get('/', signedCookie('a'))).text).toBe('{}')
  })

  it('changes no prototype in a stored cookie', async () => {
    const store = createStore()
    store.records.set(
      'a',
      '{"cookie":{"path":"/","__proto__":{"isAdmin":true},"constructor":1,"serialize":2}}',
    )
    const app = serve(
      session({ ...SETTINGS, store }),
      show(({ session: { cookie } }) => [(cookie as { isAdmin?: true }).isAdmin, typeof cookie.serialize]),
    )
    expect((await app.get('/', signedCookie('a'))).text).toBe('[null,"function"]')
  })
})

describe('Session.prototype', () => {
  it('has only the methods of express-session, since each method hides a stored key', async () => {
    const names = await compare((session) => Object.getOwnPropertyNames(session.Session.prototype).sort())
    expect(names.ours).toEqual(names.upstream)
  })
})

async function roundTrip(session: SessionModule, key: string) {
  const app = serve(session(SETTINGS), (req, res) => {
    const data = req.session as unknown as Record<string, unknown>
    if (req.url === '/set') data[key] = 'value'
    res.end(Object.hasOwn(data, key) ? JSON.stringify(data[key]) : undefined)
  })
  const cookie = cookieOf(await app.get('/set'))
  return (await app.get('/', cookie)).text || undefined
}
