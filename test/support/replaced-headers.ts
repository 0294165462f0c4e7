import { expect } from 'vitest'
import { headerValues, type RawResponse } from './raw-response'

/** Headers that describe a response, and are not sent when another one takes its place. */
export const DISCARDED = {
  'Content-Type': 'application/json',
  'Content-Encoding': 'gzip',
  'Content-Disposition': 'attachment',
  'Content-Range': 'bytes 0-4/5',
  ETag: '"1"',
  'Last-Modified': 'Wed, 21 Oct 2015 07:28:00 GMT',
  'Cache-Control': 'public, max-age=60',
  Expires: 'Wed, 21 Oct 2037 07:28:00 GMT',
  'Accept-Ranges': 'bytes',
  Location: '/home',
  Trailer: 'X-Sum',
}

/** Headers of other middleware, which are sent with it. */
export const KEPT = {
  'Content-Security-Policy': "default-src 'self'",
  'Content-Security-Policy-Report-Only': "default-src 'none'",
  'Access-Control-Allow-Origin': '*',
  Vary: 'Origin',
  'X-Request-Id': '1',
  'Set-Cookie': 'other=1',
}

/** Checks that a response has the headers of `KEPT`, and none of these. */
export function expectReplaced(response: RawResponse, discarded: object): void {
  for (const name of Object.keys(discarded)) expect(headerValues(response, name.toLowerCase())).toEqual([])
  for (const [name, value] of Object.entries(KEPT)) {
    expect(headerValues(response, name.toLowerCase())).toEqual([value])
  }
}
