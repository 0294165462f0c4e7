import crypto from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { cookieOf, signedCookie } from '../support/cookies'
import { answer, countViews } from '../support/handlers'
import { compare, type SessionModule } from '../support/implementations'
import { record } from '../support/records'
import { SECRET, SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const GOOD = signedCookie('a')
const value = GOOD.slice('connect.sid='.length)
const FORGED = signedCookie('a', 'another secret')

describe('a Cookie header that carries the id', () => {
  const headers: Record<string, string> = {
    'between other cookies': `x=1; ${GOOD}; y=2`,
    'without blanks': `x=1;${GOOD};y=2`,
    'with many blanks': `x=1;  \t connect.sid =  ${value}  ; y=2`,
    'in quotes': `connect.sid="${value}"`,
    'not URI-encoded': `connect.sid=${decodeURIComponent(value)}`,
    'after a cookie without a name': `=1; ${GOOD}`,
    'after a cookie without a value': `x; ${GOOD}`,
    'after empty cookies': `;;; ${GOOD}`,
    'after a cookie whose name ends in the session cookie’s name': `xconnect.sid=${value.replace('a.', 'b.')}; ${GOOD}`,
    'after a cookie whose name starts with the session cookie’s name': `connect.sid2=x; ${GOOD}`,
    'after a cookie whose value is the session cookie’s name': `x=connect.sid=; ${GOOD}`,
    'before a broken escape': `${GOOD}; x=%E0%A4%A`,
  }
  it.each(Object.entries(headers))('%s is read', async (_what, header) => {
    expect(await viewsFor(header)).toEqual({ ours: '6', upstream: '6' })
  })

  it.each(hosts)('is read with $name', async (host) => {
    const app = host.serve(session({ ...SETTINGS, store: seeded(session) }), countViews)
    expect((await app.get('/', GOOD)).text).toBe('6')
  })
})

describe('a hostile Cookie header', () => {
  const headers: Record<string, string> = {
    'an empty value': 'connect.sid=',
    'no value at all': 'connect.sid',
    'an empty signature': 'connect.sid=s%3Aa.',
    'no signature': 'connect.sid=s%3Aa',
    'no id': signedCookie(''),
    'only the prefix': 'connect.sid=s:',
    'a signature by another secret': FORGED,
    'bytes after the signature': `${GOOD}AAAA`,
    'a cut signature': GOOD.slice(0, -3),
    'the signature of another id': GOOD.replace('s%3Aa.', 's%3Ab.'),
    'a broken escape': 'connect.sid=s%3Aa.%E0%A4%A',
    'a null byte escape': `${GOOD.slice(0, -3)}%00`,
    'the JSON of cookie-parser': 'connect.sid=j:{}',
    'names from Object.prototype': '__proto__=x; constructor=y; toString=z',
    'an unclosed quote': `connect.sid="${value}`,
    'nothing but separators': ';;;===;;;',
    'the name in another case': GOOD.replace('connect', 'Connect'),
  }
  it.each(Object.entries(headers))('with %s starts a new session', async (_what, header) => {
    expect((await viewsFor(header)).ours).toBe('1')
  })
})

describe('an empty id with a valid signature', () => {
  it('does not reach the store', async () => {
    const store = createStore()
    await serve(session({ ...SETTINGS, store }), countViews).get('/', signedCookie(''))
    expect(store.methods()).toEqual(['set'])
  })
})

describe('two cookies with one name', () => {
  it('are both checked for a valid signature', async () => {
    expect(await viewsFor(`${FORGED}; ${GOOD}`)).toEqual({ ours: '6', upstream: '1' })
    expect(await viewsFor(`connect.sid=x; ${GOOD}`)).toEqual({ ours: '6', upstream: '1' })
  })

  it('are both looked up in the store', async () => {
    expect(await viewsFor(`${signedCookie('stale')}; ${GOOD}`)).toEqual({ ours: '6', upstream: '1' })
  })

  it('load the first session that is in the store', async () => {
    const store = createStore()
    store.put('a', record({ views: 5 }))
    store.put('b', record({ views: 7 }))
    const app = serve(session({ ...SETTINGS, store }), countViews)
    expect((await app.get('/', `${signedCookie('b')}; ${GOOD}`)).text).toBe('8')
    expect(store.methods()).toEqual(['get', 'set'])
  })

  it('start a session that later requests find when neither is in the store', async () => {
    const app = serve(session({ ...SETTINGS, store: createStore() }), countViews)
    const stale = signedCookie('stale')
    const cookie = cookieOf(await app.get('/', `${stale}; ${signedCookie('older')}`))
    expect((await app.get('/', `${stale}; ${cookie}`)).text).toBe('2')
  })
})

describe('40 cookies with valid signatures', () => {
  const stale = Array.from({ length: 40 }, (_, i) => signedCookie(`s${i}`))

  it.each(hosts)('make three calls of the store at most with $name', async (host) => {
    const store = createStore()
    const app = host.serve(session({ ...SETTINGS, store }), answer)
    await app.get('/', stale.join('; '))
    expect(store.calls).toEqual(['get s0', 'get s1', 'get s2'])
  })

  it('give the session that is the third of them, and none after it', async () => {
    const [first, second, third] = stale
    expect((await viewsFor(`${first}; ${second}; ${GOOD}`)).ours).toBe('6')
    expect((await viewsFor(`${first}; ${second}; ${third}; ${GOOD}`)).ours).toBe('1')
  })

  it('are read past cookies that are forged', async () => {
    const forged = Array.from({ length: 12 }, (_, i) => signedCookie(`f${i}`, 'another secret'))
    expect((await viewsFor(`${forged.join('; ')}; ${GOOD}`)).ours).toBe('6')
  })
})

describe('60 kB of cookies', () => {
  it.each([
    ['forged', (i: number) => signedCookie(`f${i}`, 'another secret')],
    ['signed', (i: number) => signedCookie(`s${i}`)],
    ['unsigned', (i: number) => `connect.sid=${i}`],
  ])('with %s ids cause a bounded number of HMACs and calls to the store', async (_what, make) => {
    const header = repeat(make)
    const store = createStore()
    const app = serve(session({ ...SETTINGS, store }), countViews)
    const hmac = vi.spyOn(crypto, 'createHmac')
    const res = await app.get('/', header)
    const signatures = hmac.mock.calls.length
    hmac.mockRestore()
    expect(res.text).toBe('1')
    expect(signatures).toBeLessThan(50)
    expect(store.methods().filter((method) => method === 'get').length).toBeLessThan(4)
  })

  it('with other names do not hide the session cookie', async () => {
    const header = `${repeat((i) => `c${i}=${'x'.repeat(20)}`)}; ${GOOD}`
    expect(await viewsFor(header)).toEqual({ ours: '6', upstream: '6' })
  })

  it('in one id are not passed to the store', async () => {
    const asked = await compare(async (session) => {
      const store = createStore(session)
      await serve(session({ ...SETTINGS, store }), countViews).get('/', signedCookie('x'.repeat(60_000)))
      return store.methods().includes('get')
    })
    expect(asked).toEqual({ ours: false, upstream: true })
  })
})

function repeat(make: (i: number) => string) {
  const cookies: string[] = []
  for (let i = 0, length = 0; length < 60_000; i++) {
    const cookie = make(i)
    cookies.push(cookie)
    length += cookie.length + 2
  }
  return cookies.join('; ')
}

function viewsFor(header: string) {
  return compare(async (session) => {
    const app = serve(session({ ...SETTINGS, secret: SECRET, store: seeded(session) }), countViews)
    return (await app.get('/', header)).text
  })
}

function seeded(implementation: SessionModule) {
  const store = createStore(implementation)
  store.put('a', record({ views: 5 }))
  return store
}
