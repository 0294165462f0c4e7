import { describe, expect, it } from 'vitest'
import session from '../../src'
import { serve } from '../support/app'
import { cookieOf, sidOf, signedCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { libraries } from '../support/libraries'

const QUIET = { resave: false, saveUninitialized: false }

describe.each(libraries)(
  'secrets in an array that changes while the process runs, with $library',
  (library) => {
    const start = () => {
      const secret = ['old']
      return { secret, app: serve(library.session({ ...QUIET, secret }), countViews) }
    }

    it('are followed: the new first one signs', async () => {
      const { app, secret } = start()
      await app.get()
      secret.unshift('new')
      const res = await app.get()
      expect(cookieOf(res)).toBe(signedCookie(sidOf(res) ?? '', 'new'))
    })

    it('are followed: an old one verifies as long as it is there', async () => {
      const { app, secret } = start()
      const cookie = cookieOf(await app.get())
      secret.unshift('new')
      expect((await app.get('/', cookie)).text).toBe('2')
      secret.pop()
      expect((await app.get('/', cookie)).text).toBe('1')
    })
  },
)

describe('secrets that are taken away or spoilt while the process runs', () => {
  it('are an error for the error handler, until they are good again', async () => {
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
