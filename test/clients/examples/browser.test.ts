import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { runExample } from '../../examples/use-example'
import { hasBrowser, useBrowser } from './browser'

const https = { preload: require.resolve('../../examples/https.cjs') }
/** The address that an example prints, with the scheme that it has here. */
const secure = (address: string) => address.replace('http:', 'https:')

describe.skipIf(!hasBrowser('test/clients/examples/browser'))('the examples over HTTPS in a browser', () => {
  const { newUser } = useBrowser()

  describe('login', () => {
    const { addressOf } = runExample('login', https)

    async function logIn(user: BrowserContext) {
      const page = await user.newPage()
      await page.goto(secure(addressOf()))
      await page.getByLabel('Name').fill('ada')
      await page.getByLabel('Password').fill('analytical engine')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/profile')
      return page
    }

    it('is logged in at the redirect, with a cookie that scripts and plain HTTP do not get', async () => {
      const user = await newUser()
      const page = await logIn(user)
      expect(await page.textContent('h1')).toBe('Hello, Ada Lovelace')
      expect(await user.cookies()).toMatchObject([
        { name: 'sid', httpOnly: true, secure: true, sameSite: 'Lax', path: '/', expires: -1 },
      ])
      expect(await page.evaluate('document.cookie')).toBe('')
    })

    it('has no cookie after the logout, and "back" does not show the profile', async () => {
      const user = await newUser()
      const page = await logIn(user)
      await page.getByRole('button', { name: 'Log out' }).click()
      await page.waitForURL('**/login')
      expect(await user.cookies()).toEqual([])
      await page.goBack()
      await page.waitForURL('**/login')
      expect(await page.textContent('h1')).toBe('Log in')
    })

    it('is logged out in both tabs', async () => {
      const user = await newUser()
      const [first, second] = [await logIn(user), await user.newPage()]
      await second.goto(`${secure(addressOf())}/profile`)
      expect(await second.textContent('h1')).toBe('Hello, Ada Lovelace')
      await first.getByRole('button', { name: 'Log out' }).click()
      await first.waitForURL('**/login')
      await second.reload()
      expect(await second.textContent('h1')).toBe('Log in')
    })
  })

  describe('cart', () => {
    const { addressOf } = runExample('cart', { ...https, env: { DELAY: '500' } })
    const more = (page: Page, item: string) => page.getByRole('button', { name: `One ${item} more` }).click()
    const textOf = (page: Page, id: string) => page.textContent(`#${id}`)

    it('keeps what one tab adds while a slow request of another tab runs', async () => {
      const user = await newUser()
      const [first, second] = [await user.newPage(), await user.newPage()]
      await first.goto(secure(addressOf()))
      await more(first, 'Tea')
      await second.goto(secure(addressOf()))
      expect(await textOf(second, 'tea')).toBe('1')

      const postage = first.waitForResponse((res) => res.url().endsWith('/country'))
      await first.getByLabel('Send to').selectOption('Japan')
      await first.getByRole('button', { name: 'Ask for the postage' }).click({ noWaitAfter: true })
      await more(second, 'Cup')
      await postage
      await first.waitForFunction("document.querySelector('#postage').textContent === '15'")
      expect([await textOf(first, 'tea'), await textOf(first, 'cup')]).toEqual(['1', '1'])
    })
  })
})
