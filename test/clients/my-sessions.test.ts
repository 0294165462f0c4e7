import { describe, expect, it } from 'vitest'
import { cookieOf, useExample } from '../examples/use-example'
import type { CdpConnection } from './cdp'
import { findChromium, openPage } from './chromium'

const visit = useExample('my-sessions')
const chromium = findChromium()
const isRequired = process.env.REQUIRE_SERVERS === '1'
if (!chromium && !isRequired)
  console.warn('test/clients/my-sessions: skipped, because Chromium is not installed')

const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  visit(path, { method: 'POST', body: new URLSearchParams(fields), headers })
const logIn = async (username: string, password: string, device = '') =>
  cookieOf(await post('/login', { username, password }, { 'User-Agent': device }))
const list = async (cookie: string) => (await visit('/sessions', { headers: { cookie } })).text()
const handlesIn = (page: string) =>
  [...page.matchAll(/name="handle" value="([^"]+)"/g)].map(([, handle]) => handle)

describe('the my-sessions example', () => {
  it.skipIf(!chromium && !isRequired)('lists two browsers, and one of them ends the other', async () => {
    if (!chromium) throw new Error('REQUIRE_SERVERS=1, but Chromium is not installed')
    const { url } = await visit('/login')
    const [one, two] = [await openPage(chromium, url), await openPage(chromium, url)]
    await logInAt(one)
    await logInAt(two)
    expect(await one.evaluate('document.querySelectorAll("li").length')).toBe(1)
    await one.loads(() => one.evaluate('location.reload()'))
    expect(await one.evaluate('document.querySelectorAll("li").length')).toBe(2)
    expect(await one.evaluate('document.querySelector("li strong").textContent')).toBe('Chrome on Linux')
    expect(await one.evaluate('document.querySelector("li").textContent.includes("this browser")')).toBe(true)

    await submit(one, 'form[action="/sessions/end"]')
    expect(await one.evaluate('document.querySelectorAll("li").length')).toBe(1)
    await two.loads(() => two.evaluate('location.reload()'))
    expect(await two.evaluate('location.pathname')).toBe('/login')

    await logInAt(two)
    await submit(two, 'form[action="/sessions/end-others"]')
    expect(await two.evaluate('document.querySelectorAll("li").length')).toBe(1)
    await one.loads(() => one.evaluate('location.reload()'))
    expect(await one.evaluate('location.pathname')).toBe('/login')
    await submit(two, 'form[action="/logout"]')
    expect(await two.evaluate('location.pathname')).toBe('/login')
  })

  it('shows no id and no key, and ends no session of another user', async () => {
    const [ada, grace] = [
      await logIn('ada', 'analytical engine', 'Mozilla/5.0 (Windows NT 10.0) Firefox/120.0'),
      await logIn('grace', 'flow-matic'),
    ]
    const other = await logIn('ada', 'analytical engine', '<script>')
    const page = await list(ada)
    expect(page).toContain('Firefox on Windows')
    expect(page).not.toMatch(/<script>|sha256-|Grace/)
    for (const cookie of [ada, other]) expect(page).not.toContain(idIn(cookie))
    const [handle = ''] = handlesIn(page)
    expect(handlesIn(page)).toHaveLength(1)
    await post('/sessions/end', { handle }, { cookie: grace })
    expect(handlesIn(await list(ada))).toHaveLength(1)
    await post('/sessions/end', { handle }, { cookie: ada })
    expect(handlesIn(await list(ada))).toHaveLength(0)
    expect((await post('/sessions/end', {}, { cookie: ada })).headers.get('location')).toBe('/sessions')
    expect(await list(grace)).toContain('Grace Hopper')
  })

  it('changes nothing for a form of another site, and needs a login', async () => {
    const response = await post('/sessions/end-others', {}, { 'Sec-Fetch-Site': 'cross-site' })
    expect(response.status).toBe(403)
    for (const path of ['/sessions/end', '/sessions/end-others'])
      expect((await post(path)).headers.get('location')).toBe('/login')
  })
})

async function logInAt(page: CdpConnection) {
  await page.evaluate('document.querySelector("[name=username]").value = "ada"')
  await page.evaluate('document.querySelector("[name=password]").value = "analytical engine"')
  await submit(page, 'form')
  expect(await page.evaluate('location.pathname')).toBe('/sessions')
}

/** Clicks the button of a form, as a user does. */
function submit(page: CdpConnection, form: string) {
  return page.loads(() => page.evaluate(`document.querySelector('${form} button').click()`))
}

function idIn(cookie: string): string {
  return decodeURIComponent(cookie.split('=')[1] ?? '')
    .slice(2)
    .split('.')[0] as string
}
