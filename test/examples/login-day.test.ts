import { expect, it } from 'vitest'
import { cookieOf, useTimedExample } from './use-example'

const { visit, pass } = useTimedExample('login')

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** In milliseconds: the clock of the example also runs during the test. */
const RUN = 20_000

async function logIn() {
  const fields = { username: 'ada', password: 'analytical engine' }
  return cookieOf(await visit('/login', { method: 'POST', body: new URLSearchParams(fields) }))
}

async function isLoggedIn(cookie: string) {
  return (await visit('/profile', { headers: { cookie } })).status === 200
}

it('keeps a user logged in for a whole day of use, and not longer', async () => {
  const cookie = await logIn()
  for (let hours = 0; hours < 23.5; hours += 0.5) {
    await pass(HOUR / 2)
    expect(await isLoggedIn(cookie)).toBe(true)
  }
  await pass(HOUR / 2 - RUN)
  expect(await isLoggedIn(cookie)).toBe(true)
  await pass(RUN)
  expect(await isLoggedIn(cookie)).toBe(false)
})

it('logs a user out after an hour without a request', async () => {
  const cookie = await logIn()
  await pass(HOUR - RUN)
  expect(await isLoggedIn(cookie)).toBe(true)
  await pass(HOUR)
  expect(await isLoggedIn(cookie)).toBe(false)
})

it('shows when the session ends', async () => {
  const page = await (await visit('/profile', { headers: { cookie: await logIn() } })).text()
  const [, idle = '', absolute = ''] =
    /without a request<\/dt><dd>(.*?)<.*in any case<\/dt><dd>(.*?)</s.exec(page) ?? []
  expect(Date.parse(absolute) - Date.parse(idle)).toBe(23 * HOUR)
})
