import { describe, expect, it } from 'vitest'
import { cookieOf, useExample } from './use-example'

const visit = useExample('login')

const credentials = { username: 'ada', password: 'analytical engine' }

const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  visit(path, { method: 'POST', body: new URLSearchParams(fields), headers })

const profile = (cookie: string) => visit('/profile', { headers: { cookie } })

describe('the login example', () => {
  it('shows a stranger the form, and sets no cookie', async () => {
    const start = await visit('/')
    const form = await visit('/login')

    expect([start.status, start.headers.get('location')]).toEqual([302, '/login'])
    expect(await form.text()).toContain('<form method="post" action="/login">')
    expect(cookieOf(form)).toBe('')
  })

  it('lets a user in and counts the visits to the profile', async () => {
    const login = await post('/login', credentials)
    const first = await profile(cookieOf(login))
    const second = await profile(cookieOf(login))

    expect([login.status, login.headers.get('location')]).toEqual([302, '/profile'])
    expect(login.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax$/)
    expect(await first.text()).toMatch(/Ada Lovelace.*<dd>1<\/dd>/s)
    expect(await second.text()).toContain('<dd>2</dd>')
  })

  it('changes the id at each login, and forgets the old one', async () => {
    const before = cookieOf(await post('/login', credentials))
    const after = cookieOf(await post('/login', credentials, { cookie: before }))

    expect(after).not.toBe(before)
    expect((await profile(before)).status).toBe(302)
    expect((await profile(after)).status).toBe(200)
  })

  it('ends the session at logout, for who kept the cookie too', async () => {
    const cookie = cookieOf(await post('/login', credentials))
    const logout = await post('/logout', {}, { cookie })

    expect([logout.status, logout.headers.get('location')]).toEqual([302, '/login'])
    expect(logout.headers.getSetCookie()[0]).toMatch(/^sid=; .*Expires=Thu, 01 Jan 1970/)
    expect((await profile(cookie)).headers.get('location')).toBe('/login')
  })

  it.each([
    ['a wrong password', { username: 'ada', password: 'difference engine' }],
    ['an unknown name', { username: 'constructor', password: 'analytical engine' }],
    ['no fields at all', {}],
  ])('refuses %s', async (_what, fields) => {
    const response = await post('/login', fields)
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('do not match')
    expect(cookieOf(response)).toBe('')
  })

  it('gives a name back without letting it become markup', async () => {
    const response = await post('/login', { username: '"><script>', password: 'x' })
    expect(await response.text()).toContain('value="&quot;&gt;&lt;script&gt;"')
  })

  it('refuses a form that another site sent', async () => {
    const response = await post('/login', credentials, { 'Sec-Fetch-Site': 'cross-site' })
    expect(response.status).toBe(403)
    expect(cookieOf(response)).toBe('')
  })

  it('answers an error with its status and without its details', async () => {
    const response = await post('/login', { ...credentials, padding: 'x'.repeat(200_000) })
    expect(response.status).toBe(413)
    expect(await response.text()).not.toMatch(/too large|node_modules/)
  })

  it('has a page for what is not there', async () => {
    const response = await visit('/nowhere')
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('There is no such page.')
  })
})
