import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, serve } from '../support/app'
import { cookieOf, readSetCookie, setCookies } from '../support/cookies'
import { countViews, showId } from '../support/handlers'
import { SETTINGS } from '../support/settings'

describe.each(hosts)('name with $name', (host) => {
  it('is connect.sid by default', async () => {
    const app = host.serve(session(SETTINGS), countViews)
    const first = await app.get()
    expect(readSetCookie(first)).toBeDefined()
    expect((await app.get('/', cookieOf(first))).text).toBe('2')
  })

  it('is the name of the cookie that is sent and read', async () => {
    const app = host.serve(session({ ...SETTINGS, name: 'sid' }), countViews)
    const first = await app.get()
    expect(setCookies(first)).toEqual([])
    expect((await app.get('/', cookieOf(first, 'sid'))).text).toBe('2')
  })

  it('ignores a cookie of another name', async () => {
    const app = host.serve(session({ ...SETTINGS, name: 'sid' }), countViews)
    const cookie = cookieOf(await app.get(), 'sid').replace('sid=', 'connect.sid=')
    expect((await app.get('/', cookie)).text).toBe('1')
  })
})

describe('key', () => {
  it('is the old name of the option', async () => {
    const app = serve(session({ ...SETTINGS, key: 'sid' }), countViews)
    expect(readSetCookie(await app.get(), 'sid')).toBeDefined()
  })

  it('is ignored when name is set', async () => {
    const app = serve(session({ ...SETTINGS, key: 'old', name: 'new', saveUninitialized: true }), showId)
    const res = await app.get()
    expect(readSetCookie(res, 'new')?.sid).toBe(res.text)
    expect(setCookies(res, 'old')).toEqual([])
  })
})
