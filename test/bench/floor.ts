import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { clientId, SECRET } from './app'
import type { Candidate } from './measure'
import type { Primitive, Scenario } from './scenarios'

/** Returns a candidate that runs only the primitives that every implementation needs for a scenario. */
export function createFloor({ record, floor }: Scenario): Candidate {
  const data = { ...record, cookie: { originalMaxAge: null, expires: null, httpOnly: true, path: '/' } }
  const json = JSON.stringify(data)
  const steps: Record<Primitive, () => unknown> = {
    hmac: () => verify(clientId(0)),
    parse: () => JSON.parse(json),
    stringify: () => JSON.stringify(data),
  }
  const needed = floor.map((primitive) => steps[primitive])
  return { name: 'floor', run: (times) => repeat(needed, times) }
}

const key = createSecretKey(Buffer.from(SECRET))
const expected = Buffer.from(hmac(clientId(0)))

function verify(sid: string) {
  return timingSafeEqual(Buffer.from(hmac(sid)), expected)
}

function hmac(sid: string) {
  return createHmac('sha256', key).update(sid).digest('base64')
}

function repeat(steps: Array<() => unknown>, times: number) {
  for (let i = 0; i < times; i++) for (const step of steps) step()
}
