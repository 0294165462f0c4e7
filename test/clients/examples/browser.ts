import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { findChromium } from '../chromium'

/** Starts Chromium for a file's tests. Each context is a new user, who accepts the certificates of the tests. */
export function useBrowser() {
  let browser: Browser
  beforeAll(async () => {
    const executablePath = findChromium()
    if (!executablePath) throw new Error('REQUIRE_SERVERS=1, but Chromium is not installed')
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-quic'],
      // "Back" shows the page that the browser has kept, as it does for users.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    })
  })
  afterAll(() => browser?.close())

  return {
    async newUser(): Promise<BrowserContext> {
      const context = await browser.newContext({ ignoreHTTPSErrors: true })
      onTestFinished(() => context.close())
      return context
    },
    majorVersion: () => Number.parseInt(browser.version(), 10),
  }
}

/** Whether the browser tests of a file run: with Chromium, and where it is required, so that they fail without it. */
export function hasBrowser(file: string): boolean {
  if (findChromium() || process.env.REQUIRE_SERVERS === '1') return true
  console.warn(`${file}: skipped, because Chromium is not installed`)
  return false
}
