import { describe, expect, it } from 'vitest'
import { cookieOf, useExample } from './use-example'

const visit = useExample('login')

const credentials = { username: 'ada', password: 'analytical engine' }

const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  visit(path, { method: 'POST', body: new URLSearchParams(fields), headers })

const profile = (cookie: string) => visit('/profile', { headers: { cookie } })

describe('the login example', () => {
  it('shows the form to a client that is not logged in, and sets no cookie', async () => {
    const start = await visit('/')
    const form = await visit('/login')

    expect([start.status, start.headers.get('location')]).toEqual([302, '/login'])
    expect(await form.text()).toContain('<form method="post" action="/login">')
    expect(cookieOf(form)).toBe('')
  })

  it('logs a user in and counts the visits to the profile', async () => {
    const login = await post('/login', credentials)
    const first = await profile(cookieOf(login))
    const second = await profile(cookieOf(login))

    expect([login.status, login.headers.get('location')]).toEqual([302, '/profile'])
    expect(login.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax$/)
    expect(await first.text()).toMatch(/Ada Lovelace.*<dd>1<\/dd>/s)
    expect(await second.text()).toContain('<dd>2</dd>')
  })

  it('changes the id at each login, and destroys the old one', async () => {
    const before = cookieOf(await post('/login', credentials))
    const after = cookieOf(await post('/login', credentials, { cookie: before }))

    expect(after).not.toBe(before)
    expect((await profile(before)).status).toBe(302)
    expect((await profile(after)).status).toBe(200)
  })

  it('ends the session at logout, so that its old cookie is not accepted', async () => {
    const cookie = cookieOf(await post('/login', credentials))
    const logout = await post('/logout', {}, { cookie })

    expect([logout.status, logout.headers.get('location')]).toEqual([302, '/login'])
    expect(logout.headers.getSetCookie()[0]).toMatch(/^sid=; .*Expires=Thu, 01 Jan 1970/)
    expect((await profile(cookie)).headers.get('location')).toBe('/login')
  })

  it.each([
    ['a wrong password', { username: 'ada', password: 'difference engine' }],
    ['an unknown name', { username: 'constructor', password: 'analytical engine' }],
    ['no fields', {}],
  ])('rejects a login with %s', async (_what, fields) => {
    const response = await post('/login', fields)
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('do not match')
    expect(cookieOf(response)).toBe('')
  })

  it('escapes the name that it shows again', async () => {
    const response = await post('/login', { username: '"><script>', password: 'x' })
    expect(await response.text()).toContain('value="&quot;&gt;&lt;script&gt;"')
  })

  it('rejects a form from another site', async () => {
    const response = await post('/login', credentials, { 'Sec-Fetch-Site': 'cross-site' })
    expect(response.status).toBe(403)
    expect(cookieOf(response)).toBe('')
  })

  it('answers an error with its status but without its details', async () => {
    const response = await post('/login', { ...credentials, padding: 'x'.repeat(200_000) })
    expect(response.status).toBe(413)
    expect(await response.text()).not.toMatch(/too large|node_modules/)
  })

  it('has a page for unknown paths', async () => {
    const response = await visit('/nowhere')
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('There is no such page.')
  })
})
