import { describe, expect, it } from 'vitest'
import session from '../../src'
import { serve } from '../support/app'
import { cookieOf, sidOf, signedCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { libraries } from '../support/libraries'

const QUIET = { resave: false, saveUninitialized: false }

describe.each(libraries)('a secret array that changes while the process runs, with $library', (library) => {
  const start = () => {
    const secret = ['old']
    return { secret, app: serve(library.session({ ...QUIET, secret }), countViews) }
  }

  it('signs with the new first secret', async () => {
    const { app, secret } = start()
    await app.get()
    secret.unshift('new')
    const res = await app.get()
    expect(cookieOf(res)).toBe(signedCookie(sidOf(res) ?? '', 'new'))
  })

  it('verifies with an old secret until it is removed', async () => {
    const { app, secret } = start()
    const cookie = cookieOf(await app.get())
    secret.unshift('new')
    expect((await app.get('/', cookie)).text).toBe('2')
    secret.pop()
    expect((await app.get('/', cookie)).text).toBe('1')
  })
})

describe('a secret array that becomes empty or invalid while the process runs', () => {
  it('passes an error to the error handler until the array is valid again', async () => {
    const secret = ['good']
    const app = serve(session({ ...QUIET, secret }), countViews)
    secret.pop()
    expect((await app.get()).text).toBe('secret option array must contain one or more strings')
    secret.push('')
    expect((await app.get()).text).toMatch(/^secret option must be a non-empty string/)
    secret[0] = 'good'
    expect((await app.get()).text).toBe('1')
    expect(app.errors).toHaveLength(2)
  })
})
