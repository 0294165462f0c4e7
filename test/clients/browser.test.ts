import { describe, expect, it } from 'vitest'
import { ours, type SessionModule, upstream } from '../support/implementations'
import { createStore } from '../support/store'
import { findChromium, openPage } from './chromium'
import { startLoginApp } from './login-app'

const chromium = findChromium()
const isRequired = process.env.REQUIRE_SERVERS === '1'
if (!chromium && !isRequired) console.warn('test/clients/browser: skipped, because Chromium is not installed')

describe.skipIf(!chromium && !isRequired)('a browser', () => {
  it('is logged in after the redirect of a login, with a store that takes 200 ms', async () => {
    expect(await userAfterLogin(ours, 200)).toBe('ada')
  })

  // A store that is slower than a busy machine: with 200 ms the browser on an idle one is not logged in either.
  it('is not logged in after the redirect with express-session', async () => {
    expect(await userAfterLogin(upstream, 3000)).toBe('nobody')
  })
})

async function userAfterLogin(session: SessionModule, delay: number) {
  if (!chromium) throw new Error('REQUIRE_SERVERS=1, but Chromium is not installed')
  const { port } = await startLoginApp(session, createSlowStore(session, delay))
  const page = await openPage(chromium, `http://127.0.0.1:${port}/login`)
  await page.loads(() => page.evaluate('document.forms[0].submit()'))
  expect(await page.evaluate('location.pathname')).toBe('/')
  return page.evaluate('document.querySelector("#user").textContent')
}

function createSlowStore(session: SessionModule, delay: number) {
  const store = createStore(session)
  const { set } = store
  return Object.assign(store, {
    set: (...args: Parameters<typeof set>) => void setTimeout(() => set(...args), delay),
  })
}
