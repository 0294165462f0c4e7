import { IncomingMessage, ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import { vi } from 'vitest'
import { holdResponse } from '../../src/response/hold-response'
import type { Commit } from '../../src/types'

/** Hooks that a test may set; the others do nothing, and an end waits for `commit`. */
interface TestHooks {
  onEnd?: () => Commit | undefined
  onHeaders?: () => unknown
  next?: () => unknown
}

/** Creates a held response without a network; `commit` finishes the commit that its end waits for. */
export function createHeldResponse(
  { onHeaders = () => {}, next = () => {}, onEnd }: TestHooks = {},
  request = {},
) {
  let commit: (err?: unknown) => void = () => {
    throw new Error('commit was called before the response ended')
  }
  const wait: Commit = (done) => {
    commit = done
  }
  const hooks = {
    onHeaders: () => onHeaders() === true,
    onStream: vi.fn(),
    onDisconnect: vi.fn(),
    cookie: undefined,
    onEnd: vi.fn(onEnd ?? (() => wait)),
    next: vi.fn((_err?: unknown) => void next()),
  }
  const { res, wire } = createResponse(request)
  holdResponse(res, hooks)
  return { res, wire, hooks, ...hooks, commit: (err?: unknown) => commit(err) }
}

/** Creates a plain response to such a request, and the text that it has sent. */
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

/** Waits until callbacks that are due in the event loop have run. */
export async function turns(count = 1) {
  for (let i = 0; i <= count; i++) await new Promise((resolve) => setImmediate(resolve))
}
