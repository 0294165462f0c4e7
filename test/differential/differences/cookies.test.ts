import { describe, expect, it, vi } from 'vitest'
import { type Layer, serve } from '../../support/app'
import { signedCookie } from '../../support/cookies'
import { answer, setValue, show } from '../../support/handlers'
import { compare } from '../../support/implementations'
import { record } from '../../support/records'
import { SETTINGS } from '../../support/settings'
import { visit } from './visit'

const showUser = show((req) => req.session.user ?? null)

describe('cookie', () => {
  it('has a path that matches whole path segments', async () => {
    const hasSession = await compare(async (session) => {
      const seen = show((req) => req.session !== undefined)
      const { text } = await visit(
        session,
        { options: { cookie: { path: '/admin' } }, path: '/administrator' },
        seen,
      )
      return text
    })
    expect(hasSession).toEqual({ ours: 'false', upstream: 'true' })
  })

  it("may be a function that returns 'auto'", async () => {
    const sent = await compare(async (session) => {
      const options = { saveUninitialized: true, cookie: () => ({ secure: 'auto' as const }) }
      const { cookies } = await visit(session, { options }, answer)
      return cookies
    })
    expect(sent).toEqual({ ours: 1, upstream: 0 })
  })

  it('is called once in a request when it is a function', async () => {
    const calls = await compare(async (session) => {
      const cookie = vi.fn(() => ({}))
      await visit(session, { options: { cookie } }, setValue(1))
      return cookie.mock.calls.length
    })
    expect(calls).toEqual({ ours: 1, upstream: 2 })
  })

  it('copies its expires Date for each session', async () => {
    const isShared = await compare(async (session) => {
      const expires = new Date(Date.now() + 60_000)
      const isSame = show((req) => req.session.cookie.expires === expires)
      const { text } = await visit(session, { options: { cookie: { expires } } }, isSame)
      return text
    })
    expect(isShared).toEqual({ ours: 'false', upstream: 'true' })
  })

  it('throws for a maxAge of NaN', async () => {
    const refused = await compare((session) =>
      throwsTypeError(() => session({ ...SETTINGS, cookie: { maxAge: Number.NaN } })),
    )
    expect(refused).toEqual({ ours: true, upstream: false })
  })
})

describe('secret', () => {
  it('throws for an empty string in an array', async () => {
    const refused = await compare((session) =>
      throwsTypeError(() => session({ ...SETTINGS, secret: ['real', ''] })),
    )
    expect(refused).toEqual({ ours: true, upstream: false })
  })
})

describe('two cookies with one name', () => {
  const records = { a: record({ user: 'ann' }) }

  it('are both checked when the first is forged', async () => {
    const cookie = `${signedCookie('a', 'a guess')}; ${signedCookie('a')}`
    const user = await compare(async (session) => (await visit(session, { cookie, records }, showUser)).text)
    expect(user).toEqual({ ours: '"ann"', upstream: 'null' })
  })

  it('are both looked up when the first has no record', async () => {
    const cookie = `${signedCookie('gone')}; ${signedCookie('a')}`
    const user = await compare(async (session) => (await visit(session, { cookie, records }, showUser)).text)
    expect(user).toEqual({ ours: '"ann"', upstream: 'null' })
  })
})

describe('a long id', () => {
  it('is not passed to the store', async () => {
    const cookie = signedCookie('x'.repeat(10_000))
    const methods = await compare(async (session) => (await visit(session, { cookie }, answer)).methods)
    expect(methods).toEqual({ ours: [], upstream: ['get'] })
  })
})

describe('an object that cookie-parser read from a JSON cookie', () => {
  it('is ignored', async () => {
    const status = await compare(async (session) => {
      const parseCookies: Layer = (req, _res, next) => {
        Object.assign(req, { cookies: { 'connect.sid': {} } })
        next()
      }
      return (await serve(parseCookies, session({ ...SETTINGS }), answer).get()).status
    })
    expect(status).toEqual({ ours: 200, upstream: 500 })
  })
})

function throwsTypeError(run: () => unknown) {
  try {
    run()
    return false
  } catch (error) {
    return error instanceof TypeError
  }
}
