import type { ServerResponse } from 'node:http'
import type { NodeResponse } from './node-response'
import { isGone, isHeadBuilt } from './response-head'

/**
 * Removes what describes a response that is not sent: its status, the headers of its body, and the session's own cookie.
 * The error handler's response follows. Security policies, other cookies, Vary and CORS headers stay.
 */
export function discardHead(res: ServerResponse, ownCookie: string | undefined): void {
  if (isHeadBuilt(res)) return
  for (const name of res.getHeaderNames?.() ?? []) {
    if (OF_BODY.test(name)) res.removeHeader(name)
  }
  allowFraming(res)
  const cookies = [res.getHeader('Set-Cookie') ?? []].flat()
  if (ownCookie !== undefined && cookies.includes(ownCookie)) {
    const others = cookies.filter((cookie) => cookie !== ownCookie) as string[]
    if (others.length > 0) res.setHeader('Set-Cookie', others)
    else res.removeHeader('Set-Cookie')
  }
  res.statusCode = 500
  // HTTP/2 has no reason phrase, and Node warns of it.
  if (res.req?.httpVersionMajor !== 2 && res.statusMessage) res.statusMessage = ''
}

/** Without both headers, which Express removes for a 204, the client could not tell where the next body ends. */
function allowFraming(res: ServerResponse): void {
  const node = res as NodeResponse
  if (node._removedContLen && node._removedTE) node._removedTE = false
}

const OF_BODY =
  /^(?:content-(?!security-policy)|(?:etag|last-modified|cache-control|expires|accept-ranges|location|transfer-encoding|trailer)$)/i

/** How long to wait for an error handler to send its headers, in milliseconds. It may be asynchronous. */
const REPLACEMENT_TIMEOUT = 5_000

/**
 * Passes an error to `next`, whose error handler makes the response. Some frameworks ignore or refuse a second call of
 * `next`: if it throws, or if no response has begun after 5 seconds, `sendBare` is called.
 */
export function awaitReplacement(res: ServerResponse, next: () => void, sendBare: () => void): void {
  try {
    next()
  } catch {
    return isHeadBuilt(res) ? undefined : sendBare()
  }
  const timer = setTimeout(() => {
    if (!isHeadBuilt(res) && !isGone(res)) sendBare()
  }, REPLACEMENT_TIMEOUT)
  // The timers of a simulated browser (jsdom) are numbers.
  timer.unref?.()
  res.once?.('close', () => clearTimeout(timer))
}
