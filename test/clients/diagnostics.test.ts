import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { sign } from 'cookie-signature'
import { chromium, type Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Diagnostic, SessionOptions } from '../../src'
import { isAdvice } from '../../src/diagnostics/codes'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { certificate } from './certificate'
import { findChromium } from './chromium'
import { hasBrowser, useBrowser } from './examples/browser'

const SECRET = 'fTjWnZr4u7x!A%D*G-KaPdSgVkXp2s5v'
const NONE = { sameSite: 'none', secure: true } as const

describe.skipIf(!hasBrowser('test/clients/diagnostics'))(
  'what is told of a cookie that Chromium does not keep',
  () => {
    const { newUser } = useBrowser()

    it.each<[what: string, options: Partial<SessionOptions>, visit: Visit, codes: string[]]>([
      ['a plain cookie', {}, openTwice, []],
      ['Secure over plain HTTP', { cookie: { secure: true } }, openTwice, ['SESSIONWARE_COOKIE_NOT_SENT']],
      [
        'SameSite=None without Secure',
        { cookie: { sameSite: 'none' } },
        openTwice,
        ['SESSIONWARE_COOKIE_NOT_SECURE'],
      ],
      ['__Host- without Secure', { name: '__Host-id' }, openTwice, ['SESSIONWARE_COOKIE_PREFIX']],
      ['__Host- over HTTPS', { name: '__Host-id', cookie: { secure: true } }, openTwiceSecurely, []],
      ['4097 bytes', { name: 'id', genid: () => longId(4097) }, openTwice, ['SESSIONWARE_COOKIE_TOO_LARGE']],
      ['4096 bytes', { name: 'id', genid: () => longId(4096) }, openTwice, []],
      ['another host', { cookie: { domain: 'a.example' } }, openTwice, ['SESSIONWARE_COOKIE_DOMAIN']],
      ['a date of the past', { cookie: { expires: new Date(0) } }, openTwice, ['SESSIONWARE_COOKIE_EXPIRES']],
      ['a fetch of another origin without CORS', {}, fetchWithoutCors, ['SESSIONWARE_COOKIE_CORS']],
      ['a fetch of the same site with CORS', {}, fetchSameSite, []],
      [
        'a fetch of another site',
        { cookie: { sameSite: 'lax' } },
        fetchCrossSite,
        ['SESSIONWARE_COOKIE_CROSS_SITE'],
      ],
      ['a fetch of another site, without SameSite', {}, fetchCrossSite, ['SESSIONWARE_COOKIE_CROSS_SITE']],
      ['a link of another site', { cookie: { sameSite: 'lax' } }, followLink, []],
      [
        'a frame, with third-party cookies blocked',
        { cookie: NONE },
        frameBlocked,
        ['SESSIONWARE_COOKIE_BLOCKED'],
      ],
      ['the same with Partitioned', { cookie: { ...NONE, partitioned: true } }, frameBlocked, []],
    ])('%s', async (_what, options, visit, codes) => {
      const app = await startApp(options, visit.https === true)
      const page = await (visit.args ? openBrowser(visit.args) : (await newUser()).newPage())
      const outer = await startOuterPage()
      await visit.go(page, app, outer)
      await expect.poll(() => app.views.length).toBe(2)
      // A cookie that something is told of was not kept.
      expect([app.views, app.codes()]).toEqual([codes.length > 0 ? [1, 1] : [1, 2], codes])
    })
  },
)

let count = 0

/** Makes a new id for a cookie whose name of two characters and value have so many bytes. */
function longId(bytes: number): string {
  for (;;) {
    // The name, "s%3A", ".", and a signature of 43 characters, two of which are encoded with three.
    const id = String(count++).padStart(bytes - 2 - 4 - 1 - 43 - 4, 'x')
    if (2 + encodeURIComponent(`s:${sign(id, SECRET)}`).length === bytes) return id
  }
}

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
async function startApp(options: Partial<SessionOptions>, isHttps: boolean): Promise<App> {
  const told: Diagnostic[] = []
  const views: number[] = []
  const diagnostics = (diagnostic: Diagnostic) => void told.push(diagnostic)
  const middleware = ours({
    secret: SECRET,
    resave: false,
    saveUninitialized: false,
    ...options,
    diagnostics,
  })
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

async function openBrowser(args: string[]): Promise<Page> {
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

const openTwiceSecurely: Visit = { ...openTwice, https: true }

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
