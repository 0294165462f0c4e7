import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { cookieOf, useExample } from './use-example'

const visit = useExample('cookie-store')

const post = (path: string, fields: Record<string, string> = {}, cookie = '') =>
  visit(path, { method: 'POST', body: new URLSearchParams(fields), headers: { cookie } })
const logIn = async () => cookieOf(await post('/login', { username: 'ada', password: 'analytical engine' }))
const profile = (cookie: string) => visit('/profile', { headers: { cookie } })

describe('the cookie-store example', () => {
  it('logs in, and keeps the visits and a note in the cookie', async () => {
    const login = await logIn()
    expect(login).toMatch(/^id=[\w-]{100,}$/)
    const first = await profile(login)
    expect(await first.text()).toMatch(/Ada Lovelace.*<dd>1<\/dd>.*<dd>\d+ of 4096 bytes<\/dd>/s)
    const note = await post('/note', { note: '"><script>' }, cookieOf(first))
    const page = await (await profile(cookieOf(note))).text()
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;"')
    expect(page).toContain('<dd>2</dd>')
  })

  it('answers a note that is too long with 413, and the cookie stays', async () => {
    const login = await logIn()
    const response = await post('/note', { note: 'x'.repeat(4000) }, login)
    expect([response.status, cookieOf(response)]).toEqual([413, ''])
    expect((await profile(login)).status).toBe(200)
  })

  it('deletes the cookie at logout, but a copy of it still works', async () => {
    const cookie = await logIn()
    const logout = await post('/logout', {}, cookie)
    expect(logout.headers.getSetCookie()[0]).toMatch(/^id=; .*Expires=Thu, 01 Jan 1970/)
    expect((await profile(cookie)).status).toBe(200)
  })

  it('ends copied cookies by "log out everywhere", and lets the user log in again', async () => {
    const [cookie, other] = [await logIn(), await logIn()]
    await sleep(2)
    await post('/logout-everywhere', {}, cookie)
    for (const copy of [cookie, other]) {
      const response = await profile(copy)
      expect([response.status, response.headers.get('location')]).toEqual([302, '/login'])
      expect(response.headers.getSetCookie()[0]).toMatch(/^id=; /)
    }
    await sleep(2)
    expect((await profile(await logIn())).status).toBe(200)
  })

  it('rejects a wrong password', async () => {
    expect((await post('/login', { username: 'ada', password: 'x' })).status).toBe(401)
  })
})
