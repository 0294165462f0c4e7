import type { ServerResponse } from 'node:http'
import onHeaders from 'on-headers'
import { Http1Head } from './http1-head'
import { Http2Head } from './http2-head'
import { keepRepeatedHeaders } from './repeated-headers'
import type { ResponseHead } from './response-head'
import type { Done } from './types'

/** Takes charge of the head: `listener` is called just before it is built. */
export function headOf(res: ServerResponse, listener: () => void, next: Done): ResponseHead {
  // One assignment: below Express each costs more than all that it does (V8 gives up the shape of the object).
  const hooked = { writeHead: res.writeHead }
  onHeaders(hooked as ServerResponse, listener)
  res.writeHead = keepRepeatedHeaders(hooked.writeHead) as typeof res.writeHead
  return res.req?.httpVersionMajor === 2 ? new Http2Head(res, next) : new Http1Head(res)
}
