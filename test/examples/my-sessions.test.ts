import { describe, expect, it } from 'vitest'
import { cookieOf, useExample } from './use-example'

const visit = useExample('my-sessions')

const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  visit(path, { method: 'POST', body: new URLSearchParams(fields), headers })
const logIn = async (username: string, password: string, device = '') =>
  cookieOf(await post('/login', { username, password }, { 'User-Agent': device }))
/** The content of the page. */
const list = async (cookie: string) => {
  const page = await (await visit('/sessions', { headers: { cookie } })).text()
  return page.slice(page.indexOf('<main'))
}
const handlesIn = (page: string) =>
  [...page.matchAll(/name="handle" value="([^"]+)"/g)].map(([, handle]) => handle)

describe('the my-sessions example', () => {
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

function idIn(cookie: string): string {
  return decodeURIComponent(cookie.split('=')[1] ?? '')
    .slice(2)
    .split('.')[0] as string
}
