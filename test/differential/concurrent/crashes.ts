import { describeError } from '../journal'

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const

/** Collects what would end the process, until it is stopped. */
export function watchForCrashes(): { seen: string[]; stop: () => void } {
  const seen: string[] = []
  const note = (error: unknown) => {
    seen.push(describeError(error))
  }
  const before = EVENTS.map((event) => [event, process.rawListeners(event as 'exit')] as const)
  for (const [event] of before) process.removeAllListeners(event).on(event as 'exit', note)
  const stop = () => {
    for (const [event, listeners] of before) {
      process.removeAllListeners(event)
      for (const listener of listeners) process.on(event as 'exit', listener as never)
    }
  }
  return { seen, stop }
}
