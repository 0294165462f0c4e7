import { createServer } from 'node:http'
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { runExample } from '../../examples/use-example'
import { listen } from '../../support/listen'
import { hasBrowser, useBrowser } from './browser'

const https = { preload: require.resolve('../../examples/https.cjs') }
/** The address that an example prints, with the scheme that it has here. */
const secure = (address: string) => address.replace('http:', 'https:')

describe.skipIf(!hasBrowser('test/clients/examples/browser'))('the examples over HTTPS in a browser', () => {
  const { newUser } = useBrowser()

  async function logInAt(address: string, user: BrowserContext, path: string) {
    const page = await user.newPage()
    await page.goto(secure(address))
    await page.getByLabel('Name').fill('ada')
    await page.getByLabel('Password').fill('analytical engine')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${path}`)
    return page
  }

  /** Logs out, goes back, and expects the login, which the server has sent, and not the page that the browser has kept. */
  async function expectNothingBehind(page: Page) {
    await page.evaluate(NOTE_RETURN)
    await press(page, 'Log out')
    await page.waitForURL('**/login')
    await page.goBack({ waitUntil: 'commit' })
    await page.waitForURL('**/login')
    await expect.poll(() => titleOf(page)).toBe('Log in')
    // It was kept, or it was not; in no case was it to be seen.
    expect(await page.evaluate('sessionStorage.seen ?? "nothing"')).toMatch(/^nothing$|^hidden$/)
  }

  it('run in a browser that keeps pages for "back"', async () => {
    const page = await (await newUser()).newPage()
    const address = await startOtherSite('<h1>Private</h1>')
    await page.goto(address)
    await page.evaluate(NOTE_RETURN)
    await page.goto(`${address}/other`)
    await page.goBack({ waitUntil: 'commit' })
    await expect.poll(() => page.evaluate('sessionStorage.seen')).toBe('Private')
  })

  describe('login', () => {
    const { addressOf } = runExample('login', https)
    const logIn = (user: BrowserContext) => logInAt(addressOf(), user, '/profile')

    it('is logged in at the redirect, with a cookie that scripts and plain HTTP do not get', async () => {
      const user = await newUser()
      const page = await logIn(user)
      expect(await titleOf(page)).toBe('Hello, Ada Lovelace')
      expect(await user.cookies()).toMatchObject([
        { name: 'sid', httpOnly: true, secure: true, sameSite: 'Lax', path: '/', expires: -1 },
      ])
      expect(await page.evaluate('document.cookie')).toBe('')
      const requested = page.waitForRequest(secure(addressOf()).replace('https:', 'http:'))
      await page.goto(secure(addressOf()).replace('https:', 'http:')).catch(() => {})
      expect(await (await requested).headerValue('cookie')).toBeNull()
    })

    it('does not send the cookie with a form of another site, and does with one of its own', async () => {
      const user = await newUser()
      const page = await logIn(user)
      const logout = `${secure(addressOf())}/logout`
      const cookieAt = async (sender: Page) => {
        const request = sender.waitForRequest(logout)
        await sender.getByRole('button').click()
        return (await request).headerValue('cookie')
      }
      const other = await user.newPage()
      await other.goto(
        await startOtherSite(`<form method="post" action="${logout}"><button>Win a prize</button></form>`),
      )
      expect(await cookieAt(other)).toBeNull()
      await page.reload()
      expect(await titleOf(page)).toBe('Hello, Ada Lovelace')
      expect(await cookieAt(page)).toMatch(/^sid=/)
    })

    it('has no cookie after the logout, and "back" does not show the profile', async () => {
      const user = await newUser()
      await expectNothingBehind(await logIn(user))
      expect(await user.cookies()).toEqual([])
    })

    it('is logged out in both tabs', async () => {
      const user = await newUser()
      const [first, second] = [await logIn(user), await user.newPage()]
      await second.goto(`${secure(addressOf())}/profile`)
      expect(await titleOf(second)).toBe('Hello, Ada Lovelace')
      await press(first, 'Log out')
      await first.waitForURL('**/login')
      await second.reload()
      expect(await titleOf(second)).toBe('Log in')
    })
  })

  describe('my-sessions', () => {
    const { addressOf } = runExample('my-sessions', https)
    const logIn = (user: BrowserContext) => logInAt(addressOf(), user, '/sessions')
    const itemsOf = (page: Page) => page.getByRole('listitem').allTextContents()

    it('lists two browsers, and each of them ends the other', async () => {
      const [ada, eve] = [await newUser(), await newUser()]
      const [one, two] = [await logIn(ada), await logIn(eve)]
      expect(await ada.cookies()).toMatchObject([
        { name: 'sid', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' },
      ])
      await one.reload()
      const items = await itemsOf(one)
      expect(items.filter((item) => item.includes('Chrome on Linux'))).toHaveLength(2)
      expect(items.filter((item) => item.includes('this browser'))).toHaveLength(1)

      await press(one, 'Log out Chrome on Linux')
      await expect.poll(() => itemsOf(one)).toHaveLength(1)
      await two.reload()
      expect(await titleOf(two)).toBe('Log in')
      expect(await eve.cookies()).toHaveLength(1)

      const three = await logIn(eve)
      await press(three, 'Log out everywhere else')
      await expect.poll(() => itemsOf(three)).toHaveLength(1)
      await one.reload()
      expect(await titleOf(one)).toBe('Log in')
      await expectNothingBehind(three)
      expect(await eve.cookies()).toEqual([])
    })
  })

  describe('cookie-store', () => {
    const { addressOf } = runExample('cookie-store', https)
    const logIn = (user: BrowserContext) => logInAt(addressOf(), user, '/profile')
    const noteOf = (page: Page) => page.getByRole('textbox').inputValue()

    async function keep(page: Page, note: string) {
      await page.getByRole('textbox').fill(note)
      const answer = page.waitForResponse((res) => res.request().method() === 'POST')
      await press(page, 'Keep it')
      await answer
      await page.waitForLoadState()
    }

    it('keeps a login and a note, refuses a note that is too long, and logs out', async () => {
      const user = await newUser()
      const page = await logIn(user)
      expect(await user.cookies()).toMatchObject([
        { name: 'id', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' },
      ])
      expect(await page.evaluate('document.cookie')).toBe('')
      await keep(page, 'ä note')
      expect(await noteOf(page)).toBe('ä note')
      await keep(page, 'x'.repeat(5000))
      expect(await page.textContent('main')).toContain('The note does not fit into the cookie.')
      await page.goto(`${secure(addressOf())}/profile`)
      expect(await noteOf(page)).toBe('ä note')
      await expectNothingBehind(page)
      expect(await user.cookies()).toEqual([])
    })

    it('ends a copied cookie by "log out everywhere", not by the logout', async () => {
      const [user, thief] = [await newUser(), await newUser()]
      const page = await logIn(user)
      await thief.addCookies(await user.cookies())
      const copy = await thief.newPage()
      const look = async () => {
        await copy.goto(secure(addressOf()))
        return titleOf(copy)
      }
      await press(page, 'Log out')
      await page.waitForURL('**/login')
      expect(await look()).toBe('Hello, Ada Lovelace')
      await press(await logIn(user), 'Log out everywhere')
      await expect.poll(look).toBe('Log in')
      expect(await thief.cookies()).toEqual([])
    })
  })

  describe('cart', () => {
    const { addressOf } = runExample('cart', { ...https, env: { DELAY: '500' } })
    const more = (page: Page, item: string) => press(page, `One ${item} more`)
    const textOf = (page: Page, id: string) => page.textContent(`#${id}`)

    async function openTwoTabs() {
      const user = await newUser()
      const [first, second] = [await user.newPage(), await user.newPage()]
      await first.goto(secure(addressOf()))
      await more(first, 'Tea')
      await second.goto(secure(addressOf()))
      expect(await textOf(second, 'tea')).toBe('1')
      return { user, first, second }
    }

    it('keeps what one tab adds while a slow request of another tab runs', async () => {
      const { user, first, second } = await openTwoTabs()
      expect(await user.cookies()).toMatchObject([
        { name: 'sid', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' },
      ])
      const postage = first.waitForResponse((res) => res.url().endsWith('/country'))
      await first.getByLabel('Send to').selectOption('Japan')
      await first.getByRole('button', { name: 'Ask for the postage' }).click({ noWaitAfter: true })
      await more(second, 'Cup')
      await postage
      await first.waitForFunction("document.querySelector('#postage').textContent === '15'")
      expect([await textOf(first, 'tea'), await textOf(first, 'cup')]).toEqual(['1', '1'])
    })

    it('counts what two tabs add at the same time', async () => {
      const { first, second } = await openTwoTabs()
      for (let click = 0; click < 3; click++) await Promise.all([more(first, 'Cup'), more(second, 'Cup')])
      await expect
        .poll(async () => {
          await first.reload()
          return textOf(first, 'cup')
        })
        .toBe('6')
    })
  })
})

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const titleOf = (page: Page) => page.textContent('h1')

/** Notes whether a document that the browser has kept is to be seen when the user comes back to it. */
const NOTE_RETURN = `addEventListener('pageshow', ({ persisted }) => {
  const { hidden } = document.documentElement
  if (persisted) sessionStorage.seen = hidden ? 'hidden' : document.body.innerText
})`

/** Serves a page of another site than the examples, which are on 127.0.0.1. */
async function startOtherSite(html: string): Promise<string> {
  const server = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end(html))
  return `http://localhost:${await listen(server)}`
}
