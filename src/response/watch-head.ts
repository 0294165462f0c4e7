import type { ServerResponse } from 'node:http'
import onHeaders from 'on-headers'
import type { Done } from '../types'
import { Http1Head } from './http1-head'
import { Http2Head } from './http2-head'
import { keepRepeatedHeaders } from './repeated-headers'
import type { ResponseHead } from './response-head'

/** Takes charge of the head: `listener` is called just before it is built. */
export function headOf(res: ServerResponse, listener: () => void, next: Done): ResponseHead {
  onHeaders(res, listener)
  res.writeHead = keepRepeatedHeaders(res.writeHead) as typeof res.writeHead
  return res.req?.httpVersionMajor === 2 ? new Http2Head(res, next) : new Http1Head(res)
}
