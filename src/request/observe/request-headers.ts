import type { BrowserHeaders, ConnectionFacts } from '../../diagnostics/cookie-texts'
import type { SessionRequest } from '../../session/attach'

/** Returns the headers by which a browser describes the page that the request comes from. */
export function browserHeaders(req: SessionRequest): BrowserHeaders {
  return {
    site: header(req, 'sec-fetch-site'),
    mode: header(req, 'sec-fetch-mode'),
    dest: header(req, 'sec-fetch-dest'),
    storageAccess: header(req, 'sec-fetch-storage-access'),
    origin: header(req, 'origin'),
  }
}

/** Returns what the headers of a request and the settings say about TLS. */
export function connectionFacts(req: SessionRequest, proxy: boolean | undefined): ConnectionFacts {
  return { proxy, trustProxy: trustProxyOf(req), forwarded: forwardedOf(req), browser: browserTls(req) }
}

function trustProxyOf(req: SessionRequest): string | undefined {
  const { app } = req as { app?: { get?: (name: string) => unknown } }
  if (typeof app?.get !== 'function') return undefined
  const setting = app.get('trust proxy')
  return typeof setting === 'function' ? 'a function' : String(setting ?? false)
}

/** The headers in which proxies tell how the browser has connected, with the values that say so. */
function forwardedOf(req: SessionRequest): string | undefined {
  const proto = header(req, 'x-forwarded-proto')
  if (proto) return `X-Forwarded-Proto: ${proto}`
  const [, given] = /proto="?(https?)/i.exec(header(req, 'forwarded') ?? '') ?? []
  if (given) return `Forwarded: proto=${given}`
  if (header(req, 'x-forwarded-ssl') === 'on') return 'X-Forwarded-Ssl: on, which means https'
  if (header(req, 'front-end-https') === 'on') return 'Front-End-Https: on, which means https'
  return undefined
}

function browserTls(req: SessionRequest): string | undefined {
  const { site, origin } = browserHeaders(req)
  if (site === 'same-origin' && origin?.startsWith('https://')) return `Origin: ${origin}`
  // Browsers send it over HTTPS, and to their own machine.
  if (site && !isLocal(hostOf(req))) return `Sec-Fetch-Site: ${site}, which browsers send over HTTPS only`
  return undefined
}

/** Returns the name of the host that the request was sent to, without the port. */
export function hostOf(req: SessionRequest): string {
  const host = header(req, 'host') ?? header(req, ':authority') ?? ''
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':', 1)[0] as string)
}

/** Returns whether a proxy has handled the request: then the browser may have asked for another host. */
export function isForwarded(req: SessionRequest): boolean {
  return ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'via'].some(
    (name) => header(req, name) !== undefined,
  )
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host)
}

export function header(req: SessionRequest, name: string): string | undefined {
  const value = req.headers[name]
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined
}
