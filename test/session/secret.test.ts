import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { cookieOf, readSetCookie, signedCookie } from '../support/cookies'
import { answer, countViews } from '../support/handlers'
import { compare } from '../support/implementations'
import { record } from '../support/records'
import { SECRET } from '../support/settings'
import { createStore } from '../support/store'

const QUIET = { resave: false, saveUninitialized: false }

const kinds = {
  'a string': SECRET,
  'a Buffer': Buffer.from(SECRET),
  'a KeyObject': createSecretKey(Buffer.from(SECRET)),
  'an array of one string': [SECRET],
  'an array of all kinds': [Buffer.from(SECRET), createSecretKey(Buffer.from('old')), 'older'],
}

describe.each(Object.entries(kinds))('secret as %s', (_kind, secret) => {
  it('signs a cookie that a string secret with the same bytes verifies', async () => {
    const store = createStore()
    const first = await serve(session({ ...QUIET, store, secret }), countViews).get()
    const again = await serve(session({ ...QUIET, store, secret: SECRET }), countViews).get(
      '/',
      cookieOf(first),
    )
    expect(again.text).toBe('2')
  })
})

describe('several secrets', () => {
  it('sign with the first', async () => {
    const res = await serve(session({ ...QUIET, secret: ['new', 'old'] }), countViews).get()
    const { sid = '' } = readSetCookie(res) ?? {}
    expect(cookieOf(res)).toBe(signedCookie(sid, 'new'))
  })

  it.each(['new', 'old', 'oldest'])('verify with each: %s', async (secret) => {
    const views = await viewsAfter(session({ ...withRecord(), secret: ['new', 'old', 'oldest'] }), secret)
    expect(views).toBe('6')
  })

  it('refuse a signature made with another secret', async () => {
    expect(await viewsAfter(session({ ...withRecord(), secret: ['new', 'old'] }), 'oldest')).toBe('1')
  })
})

describe.each(hosts)('a cookie with $name', (host) => {
  it('without a valid signature starts a new session', async () => {
    const app = host.serve(session({ ...withRecord(), secret: SECRET }), countViews)
    expect((await app.get('/', signedCookie('a', 'guess'))).text).toBe('1')
    expect((await app.get('/', 'connect.sid=a')).text).toBe('1')
    expect((await app.get('/', 'connect.sid=s%3Aa')).text).toBe('1')
    expect((await app.get('/', `${signedCookie('a')}x`)).text).toBe('1')
  })
})

describe('req.secret', () => {
  const provide: Layer = (req, _res, next) => {
    req.secret = SECRET
    next()
  }

  it('is used when there is no secret option', async () => {
    const app = serve(provide, session(withRecord() as never), countViews)
    expect((await app.get('/', signedCookie('a'))).text).toBe('6')
  })

  it('is ignored when there is a secret option', async () => {
    const app = serve(provide, session({ ...withRecord(), secret: 'other' }), countViews)
    expect((await app.get('/', signedCookie('a'))).text).toBe('1')
  })

  it.each(hosts)('is required when there is no secret option with $name', async (host) => {
    const res = await host.serve(session(QUIET as never), answer).get()
    expect([res.status, res.text]).toEqual([500, 'secret option required for sessions'])
  })
})

describe('a wrong secret', () => {
  it('throws a TypeError with the text of express-session when the array is empty', () => {
    const message = 'secret option array must contain one or more strings'
    expect(() => session({ ...QUIET, secret: [] })).toThrow(new TypeError(message))
  })

  const wrong = [
    '',
    123,
    null,
    {},
    true,
    ['real', ''],
    ['real', undefined],
    ['real', 123],
    [''],
    Buffer.alloc(0),
  ]
  it.each(wrong.map((secret) => ({ secret })))(
    'throws a TypeError that names the option: $secret',
    ({ secret }) => {
      const create = () => session({ ...QUIET, secret: secret as never })
      expect(create).toThrow(TypeError)
      expect(create).toThrow(/secret option .*must/)
    },
  )

  it('in an array makes npm’s express-session accept a forged cookie', async () => {
    const views = await compare(async (session) => {
      try {
        const secret = ['real', '']
        return await viewsAfter(session({ ...withRecord(), store: createSeeded(session), secret }), '')
      } catch (err) {
        return (err as Error).name
      }
    })
    expect(views).toEqual({ ours: 'TypeError', upstream: '6' })
  })
})

async function viewsAfter(middleware: Layer, secret: string) {
  return (await serve(middleware, countViews).get('/', signedCookie('a', secret))).text
}

function withRecord() {
  return { ...QUIET, store: createSeeded() }
}

function createSeeded(implementation = session) {
  const store = createStore(implementation)
  store.put('a', record({ views: 5 }))
  return store
}
