import { type SessionModule, upstream } from '../../support/implementations'
import { brokenRules } from './invariants'
import { endedIds, hasEndedCookie, isComparable, observations } from './observations'
import { play } from './play'
import type { ConcurrentProgram } from './program'

export interface Comparison {
  /** The rules of this package that the program has shown to be broken. */
  broken: string[]
  /** What was seen of the implementation, and of express-session with the documented differences. */
  actual: string[]
  expected: string[]
}

/** Runs a program with an implementation and with express-session. */
export async function compareProgram(
  program: ConcurrentProgram,
  session: SessionModule,
): Promise<Comparison> {
  const performance = await play(program, session, false)
  const broken = brokenRules(performance)
  if (!isComparable(program)) return { broken, actual: [], expected: [] }
  const reference = await play(program, upstream, true)
  if (hasEndedCookie(reference)) return { broken, actual: [], expected: [] }
  const ended = endedIds(reference)
  return { broken, actual: observations(performance, ended), expected: observations(reference, ended) }
}
