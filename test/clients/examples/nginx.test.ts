import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { runExample } from '../../examples/use-example'
import { listen } from '../../support/listen'
import { hasBrowser, useBrowser } from './browser'

const file = 'test/clients/examples/nginx'

describe.skipIf(!hasNginx() || !hasBrowser(file))('a browser at the example behind nginx', () => {
  const { newUser, majorVersion } = useBrowser()

  describe('as it is', () => {
    const { addressOf } = runExample('nginx', { env: { HTTPS_PORT: '0' } })

    async function logIn() {
      const user = await newUser()
      const page = await user.newPage()
      await page.goto(addressOf())
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByRole('button', { name: 'Log out' }).waitFor()
      return { user, page }
    }

    it('is logged in over HTTPS, with a cookie that only this host can set', async () => {
      const { user, page } = await logIn()
      expect(await page.textContent('h1')).toBe('Hello, Ada')
      expect(await page.textContent('dd')).toBe('https')
      expect(await user.cookies()).toMatchObject([
        {
          name: '__Host-Http-id',
          httpOnly: true,
          secure: true,
          sameSite: 'Lax',
          path: '/',
          domain: 'localhost',
        },
      ])
    })

    it('does not let a script set a cookie of this name', async () => {
      const { user, page } = await logIn()
      const [cookie] = await user.cookies()
      const write = (name: string) => `document.cookie = '${name}=forged; Path=/; Secure'`
      await page.evaluate(write('__Host-other'))
      await page.evaluate(write('__Host-Http-id'))
      if (majorVersion() >= 140) await page.evaluate(write('__Host-Http-other'))
      expect((await user.cookies()).map(({ name, value }) => [name, value]).sort()).toEqual([
        ['__Host-Http-id', cookie?.value],
        ['__Host-other', 'forged'],
      ])
    })

    it('does not send the cookie with a form of another site', async () => {
      const { page } = await logIn()
      const form = `<form method="post" action="${addressOf()}/logout"><button>Win a prize</button></form>`
      const other = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end(form))
      const port = await listen(other)
      await page.goto(`http://127.0.0.1:${port}`)
      await page.getByRole('button').click()
      await page.waitForURL(`${addressOf()}/**`)
      await page.goto(addressOf())
      expect(await page.textContent('h1')).toBe('Hello, Ada')
    })

    it('has no cookie after the logout, and "back" does not show the page', async () => {
      const { user, page } = await logIn()
      await page.getByRole('button', { name: 'Log out' }).click()
      await page.getByRole('button', { name: 'Log in' }).waitFor()
      expect(await user.cookies()).toEqual([])
      await page.goBack({ waitUntil: 'commit' })
      await expect.poll(() => page.textContent('h1')).toBe('Behind nginx')
    })
  })

  describe('without "trust proxy"', () => {
    const env = { HTTPS_PORT: '0', TRUST_PROXY: 'none' }
    const { addressOf, told } = runExample('nginx', { env, mistakes: ['SESSIONWARE_COOKIE_NOT_SENT'] })

    it('is not logged in, because the cookie is not sent, and a diagnostic names the remedy', async () => {
      const user = await newUser()
      const page = await user.newPage()
      await page.goto(addressOf())
      const answer = page.waitForResponse((res) => res.url().endsWith('/login'))
      await page.getByRole('button', { name: 'Log in' }).click()
      expect((await answer).status()).toBe(303)
      await page.waitForLoadState()
      expect(await page.textContent('h1')).toBe('Behind nginx')
      expect(await user.cookies()).toEqual([])
      await vi.waitFor(() => expect(told).toHaveLength(1))
      expect(told[0]).toMatch(/SESSIONWARE_COOKIE_NOT_SENT.*app\.set\('trust proxy', 1\)/)
    })
  })
})

function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn(`${file}: skipped, because nginx is not installed`)
    return process.env.REQUIRE_SERVERS === '1'
  }
}
