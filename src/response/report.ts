import { AsyncResource } from 'node:async_hooks'
import { OutgoingMessage, type ServerResponse } from 'node:http'
import type { Done } from '../types'
import { deferTwice } from './defer'
import { isGone } from './response-head'

/**
 * Passes an error to `next` after the last byte of the response: at 'finish' or 'close'. An error handler that destroys
 * the connection, as Express's own one does, then destroys no part of a response.
 */
export function reportAfter(res: ServerResponse, err: unknown, next: Done): void {
  let isReported = false
  const report = AsyncResource.bind(() => {
    if (isReported) return
    isReported = true
    callNext(next, err)
  })
  if (!emitsFinish(res)) return deferTwice(report)
  res.once('finish', report)
  res.once('close', report)
}

/** Calls `next` with an error. Some frameworks throw at a second call of `next`, when nothing can be answered any more. */
export function callNext(next: Done, err: unknown): void {
  try {
    next(err)
  } catch {
    warn(err)
  }
}

/** Emits a process warning for an error that could not be passed to `next`. */
export function warn(err: unknown): void {
  const detail = err instanceof Error ? (err.stack ?? err.message) : String(err)
  process.emitWarning(`express-session: an error could not be passed to next(): ${detail}`, {
    type: 'SessionWarning',
    code: 'SESSIONWARE_ERROR_NOT_HANDLED',
  })
}

/** A response that was destroyed, and a test's mock, may never emit 'finish' or 'close'. */
function emitsFinish(res: ServerResponse): boolean {
  if (typeof res.once !== 'function' || isGone(res)) return false
  return res.req?.httpVersionMajor === 2 || res instanceof OutgoingMessage
}
