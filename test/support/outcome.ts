import type { Test } from 'supertest'
import { type SessionModule, upstream } from './implementations'

/** Resolves to the status and body of a response, or to 'no response' after a timeout. */
export async function outcome(session: SessionModule, test: Test) {
  const patience = session === upstream ? 300 : 10_000
  try {
    const { status, text } = await test.timeout(patience)
    return `${status} ${text}`
  } catch (err) {
    if ((err as { timeout?: number }).timeout) return 'no response'
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
