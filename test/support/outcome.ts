import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'supertest'
import { type SessionModule, upstream } from './implementations'
import { roundTrip } from './round-trip'

const PATIENCE = 20_000
const LOOKS = 15

/** Resolves to the status and body of a response, or to 'no response' after a timeout. */
export async function outcome(session: SessionModule, test: Test) {
  let isSettled = false
  const answer = settle(test).finally(() => {
    isSettled = true
  })
  // express-session often does not answer. The client and the server run in this process, so the wait is counted in
  // round trips, not in milliseconds: it becomes longer on a busy machine.
  for (let look = 0; session === upstream && !isSettled && look < LOOKS; look++) {
    await sleep(5)
    await roundTrip()
  }
  if (session === upstream && !isSettled) test.abort()
  return answer
}

async function settle(test: Test) {
  try {
    const { status, text } = await test.timeout(PATIENCE)
    return `${status} ${text}`
  } catch (err) {
    const { timeout, code } = err as { timeout?: number; code?: string }
    if (timeout || code === 'ABORTED') return 'no response'
    throw err
  }
}

/** Resolves to the messages of errors that would have ended the process while the function ran. */
export async function crashesOf(work: () => Promise<unknown>) {
  const crashes: unknown[] = []
  const note = (err: unknown) => crashes.push(err)
  const restore = ['uncaughtException', 'unhandledRejection'].map((event) => replaceListeners(event, note))
  try {
    await work()
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    for (const undo of restore) undo()
  }
  return crashes.map((err) => (err as Error).message)
}

function replaceListeners(event: string, listener: (err: unknown) => void) {
  const before = process.rawListeners(event) as Array<() => void>
  process.removeAllListeners(event)
  process.on(event, listener)
  return () => {
    process.removeListener(event, listener)
    for (const each of before) process.on(event, each)
  }
}
