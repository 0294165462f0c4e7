import { IncomingMessage, ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import { vi } from 'vitest'
import { holdResponse } from '../../src/response/hold-response'
import type { Commit } from '../../src/types'

/** What a test gives as hooks; the rest does nothing, and an end waits for `commit`. */
interface Doing {
  onEnd?: () => Commit | undefined
  onHeaders?: () => void
  next?: () => unknown
}

/** A held response without a network; `commit` ends what its end has to wait for. */
export function createHeldResponse(
  { onHeaders = () => {}, next = () => {}, onEnd }: Doing = {},
  request = {},
) {
  let commit: (err?: unknown) => void = () => {
    throw new Error('there is nothing to commit')
  }
  const wait: Commit = (done) => {
    commit = done
  }
  const hooks = {
    onHeaders,
    onEarly: vi.fn(),
    onEnd: vi.fn(onEnd ?? (() => wait)),
    next: vi.fn((_err?: unknown) => void next()),
  }
  const { res, wire } = createResponse(request)
  holdResponse(res, hooks)
  return { res, wire, hooks, ...hooks, commit: (err?: unknown) => commit(err) }
}

/** A plain response to such a request, and what of it is on the wire. */
export function createResponse(request: { method?: string; httpVersion?: string } = {}) {
  const chunks: Buffer[] = []
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  const { method = 'GET', httpVersion = '1.1' } = request
  const httpVersionMinor = Number(httpVersion.slice(2))
  const req = new IncomingMessage(socket as never)
  const res = new ServerResponse(
    Object.assign(req, { method, httpVersion, httpVersionMajor: 1, httpVersionMinor }),
  )
  res.assignSocket(socket as never)
  return { res, wire: () => Buffer.concat(chunks).toString('latin1') }
}

/** Lets what waits for the event loop happen. */
export async function turns(count = 1) {
  for (let i = 0; i <= count; i++) await new Promise((resolve) => setImmediate(resolve))
}
