import { describe, expect, it } from 'vitest'
import { ours } from '../support/implementations'
import { createStore } from '../support/store'
import { findChromium, openPage } from './chromium'
import { startLoginApp } from './login-app'

const chromium = findChromium()
const isRequired = process.env.REQUIRE_SERVERS === '1'
if (!chromium && !isRequired) console.warn('test/clients/browser: skipped, because Chromium is not installed')

describe.skipIf(!chromium && !isRequired)('a browser', () => {
  it('is logged in after the redirect of a login, also with a slow store', async () => {
    if (!chromium) throw new Error('REQUIRE_SERVERS=1, but Chromium is not installed')
    const { port } = await startLoginApp(ours, createSlowStore())
    const page = await openPage(chromium, `http://127.0.0.1:${port}/login`)
    await page.loads(() => page.evaluate('document.forms[0].submit()'))
    expect(await page.evaluate('location.pathname')).toBe('/')
    expect(await page.evaluate('document.querySelector("#user").textContent')).toBe('ada')
  })
})

function createSlowStore() {
  const store = createStore(ours)
  const { set } = store
  return Object.assign(store, {
    set: (...args: Parameters<typeof set>) => void setTimeout(() => set(...args), 100),
  })
}
