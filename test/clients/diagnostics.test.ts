import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { chromium, type Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Diagnostic, SessionOptions } from '../../src'
import { isAdvice } from '../../src/diagnostics/codes'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { certificate } from './certificate'
import { findChromium } from './chromium'
import { hasBrowser } from './examples/browser'

const SECRET = 'fTjWnZr4u7x!A%D*G-KaPdSgVkXp2s5v'
const NONE = { sameSite: 'none', secure: true } as const

describe.skipIf(!hasBrowser('test/clients/diagnostics'))(
  'what is told of a cookie that Chromium does not keep',
  () => {
    it.each<[what: string, cookie: SessionOptions['cookie'], visit: Visit, codes: string[], isKept: boolean]>(
      [
        ['a plain cookie', {}, openTwice, [], true],
        [
          'a cookie with Secure over plain HTTP',
          { secure: true },
          openTwice,
          ['SESSIONWARE_COOKIE_NOT_SENT'],
          false,
        ],
        [
          'SameSite=None without Secure',
          { sameSite: 'none' },
          openTwice,
          ['SESSIONWARE_COOKIE_NOT_SECURE'],
          false,
        ],
        ['a fetch of another origin without CORS', {}, fetchWithoutCors, ['SESSIONWARE_COOKIE_CORS'], false],
        ['a fetch of the same site with CORS', {}, fetchSameSite, [], true],
        [
          'a fetch of another site',
          { sameSite: 'lax' },
          fetchCrossSite,
          ['SESSIONWARE_COOKIE_CROSS_SITE'],
          false,
        ],
        [
          'a fetch of another site, without SameSite',
          {},
          fetchCrossSite,
          ['SESSIONWARE_COOKIE_CROSS_SITE'],
          false,
        ],
        ['a link of another site', { sameSite: 'lax' }, followLink, [], true],
        [
          'a frame, with third-party cookies blocked',
          NONE,
          frameBlocked,
          ['SESSIONWARE_COOKIE_BLOCKED'],
          false,
        ],
        ['the same with Partitioned', { ...NONE, partitioned: true }, frameBlocked, [], true],
      ],
    )('%s', async (_what, cookie, visit, codes, isKept) => {
      const app = await startApp(cookie, visit.https === true)
      const page = await openBrowser(visit.args)
      const outer = await startOuterPage()
      await visit.go(page, app, outer)
      await expect.poll(() => app.views.length).toBe(2)
      expect(app.views).toEqual(isKept ? [1, 2] : [1, 1])
      expect(app.codes()).toEqual(codes)
    })
  },
)

interface App {
  /** On 127.0.0.1, another site than the outer page's localhost. */
  readonly url: string
  readonly port: number
  readonly views: number[]
  codes(): string[]
}

interface Visit {
  go(page: Page, app: App, outer: string): Promise<unknown>
  https?: boolean
  args?: string[]
}

/** An app that counts the views of its session. It allows requests with credentials for /cors. */
async function startApp(cookie: SessionOptions['cookie'], isHttps: boolean): Promise<App> {
  const told: Diagnostic[] = []
  const views: number[] = []
  const diagnostics = (diagnostic: Diagnostic) => void told.push(diagnostic)
  const middleware = ours({ secret: SECRET, resave: false, saveUninitialized: false, cookie, diagnostics })
  const listener: RequestListener = (req, res) => {
    if (req.url === '/favicon.ico') return void res.end()
    if (req.url === '/cors') {
      res.setHeader('Access-Control-Allow-Origin', req.headers.origin ?? '')
      res.setHeader('Access-Control-Allow-Credentials', 'true')
    }
    middleware(req, res, () => {
      const { session } = req as unknown as { session: { views?: number } }
      session.views = (session.views ?? 0) + 1
      views.push(session.views)
      res.setHeader('Content-Type', 'text/html')
      res.end('<!doctype html><title>app</title>')
    })
  }
  const port = await listen(isHttps ? createHttpsServer(certificate, listener) : createHttpServer(listener))
  const codes = () => told.filter(({ code }) => !isAdvice(code)).map(({ code }) => code)
  return { url: `${isHttps ? 'https' : 'http'}://127.0.0.1:${port}`, port, views, codes }
}

/** A page of another origin that the tests fill. */
async function startOuterPage(): Promise<string> {
  const server = createHttpServer((_req, res) => {
    res.setHeader('Content-Type', 'text/html')
    res.end('<!doctype html><title>outer</title><body></body>')
  })
  return `http://localhost:${await listen(server)}`
}

async function openBrowser(args: string[] = []): Promise<Page> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('REQUIRE_SERVERS=1, but Chromium is not installed')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic', ...args] })
  onTestFinished(() => browser.close())
  return (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
}

const openTwice: Visit = {
  async go(page, { url }) {
    await page.goto(url)
    await page.goto(url)
  },
}

/** Calls `fetch` twice in the outer page. */
async function fetchTwice(page: Page, outer: string, url: string, init: RequestInit): Promise<void> {
  await page.goto(outer)
  for (let i = 0; i < 2; i++) {
    // The browser may refuse to show the answer.
    await page.evaluate(([to, options]) => fetch(to, options).catch(() => {}), [url, init] as const)
  }
}

const fetchWithoutCors: Visit = {
  go: (page, { port }, outer) => fetchTwice(page, outer, `http://localhost:${port}/`, { mode: 'cors' }),
}
const fetchSameSite: Visit = {
  go: (page, { port }, outer) =>
    fetchTwice(page, outer, `http://localhost:${port}/cors`, { credentials: 'include' }),
}
const fetchCrossSite: Visit = {
  go: (page, { url }, outer) => fetchTwice(page, outer, `${url}/cors`, { credentials: 'include' }),
}
const followLink: Visit = {
  async go(page, { url }, outer) {
    await page.goto(outer)
    await page.evaluate(`location.assign(${JSON.stringify(url)})`)
    await page.waitForURL(`${url}/`)
    await page.goto(url)
  },
}

async function frameInOuter(page: Page, { url }: App, outer: string): Promise<void> {
  for (let i = 0; i < 2; i++) {
    await page.goto(outer)
    await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.src = ${JSON.stringify(url)}
      frame.addEventListener('load', resolve)
      document.body.append(frame)
    })`)
  }
}

const frameBlocked: Visit = { https: true, go: frameInOuter, args: ['--test-third-party-cookie-phaseout'] }
