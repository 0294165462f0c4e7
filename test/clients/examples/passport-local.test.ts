import { expect, it } from 'vitest'
import { cookieOf, useExample } from '../../examples/use-example'
import { sendForm } from './log-in'

const visit = useExample('passport-local', { packages: 'test/clients' })
const credentials = { username: 'ada', password: 'analytical engine' }

async function pageOf(cookie: string, path = '/') {
  const response = await visit(path, { headers: { cookie } })
  return (await response.text()).replace(/\s+/g, ' ')
}

it('logs in with a new id, and keeps the number of views', async () => {
  const before = cookieOf(await visit('/'))
  const login = await sendForm(visit, '/login', credentials, { cookie: before })
  const after = cookieOf(login)
  expect([login.status, login.headers.get('location')]).toEqual([303, '/'])
  expect(after).not.toBe(before)
  expect(await pageOf(after)).toMatch(/Hello, ada.*<output>2<\/output>/)
  expect(await pageOf(before)).toMatch(/<output>1<\/output>/)
})

it('logs out, so that neither id is logged in', async () => {
  const cookie = cookieOf(await sendForm(visit, '/login', credentials))
  const logout = await sendForm(visit, '/logout', {}, { cookie })
  expect(await pageOf(cookie)).toContain('<h1>Hello</h1>')
  expect(await pageOf(cookieOf(logout))).toContain('<h1>Hello</h1>')
})

it.each([
  ['a wrong password', { username: 'ada', password: 'difference engine' }],
  ['an unknown name', { username: 'constructor', password: 'analytical engine' }],
])('shows an error once after %s', async (_what, fields) => {
  const login = await sendForm(visit, '/login', fields)
  const cookie = cookieOf(login)
  expect(login.headers.get('location')).toBe('/login')
  expect(await pageOf(cookie, '/login')).toContain('do not match')
  expect(await pageOf(cookie, '/login')).not.toContain('do not match')
})
