import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Diagnostic, SessionExplanation } from '../../src'
import { isAdvice } from '../../src/diagnostics/codes'
import { ours, type SessionModule } from '../support/implementations'
import { perform } from './perform'
import type { Program } from './program'
import { programArbitrary } from './program-arbitrary'
import { SEED } from './seed'
import { showProgram } from './show-program'
import { Stage } from './stage'

const RUNS = Number(process.env.TOLD_RUNS ?? 100)

const stage = new Stage()

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  await stage.open()
})

afterAll(() => {
  stage.close()
  vi.useRealTimers()
})

describe('diagnostics', () => {
  const { wrong } = readExplanations()

  it(
    `change nothing, tell nothing that is not in the program, and explain each request, in ${RUNS} programs, SEED=${SEED}`,
    async () => {
      const property = fc.asyncProperty(programArbitrary, async (program) => {
        const told = new Set<string>()
        const lines = await perform(program, toldTo(told), stage)
        expect(lines, showProgram(program)).toEqual(await perform(program, ours, stage))
        const expected = mistakesOf(program)
        expect(
          [...told].filter((code) => !expected.includes(code)),
          showProgram(program),
        ).toEqual([])
      })
      await fc.assert(property, { numRuns: RUNS, seed: SEED })
      // What explainSession says of each request at its end is what the store was asked for.
      expect(wrong).toEqual([])
    },
    60_000 + RUNS * 1000,
  )
})

/** Collects the explanations of requests that differ from the calls of the store. */
function readExplanations() {
  const wrong: string[] = []
  const listen = (message: unknown) => {
    const { action, store, line } = message as SessionExplanation
    const calls = store.calls.map(({ operation }) => operation)
    const [last] = calls.filter((operation) => operation !== 'get').slice(-1)
    const isRight = {
      // A session that was saved before may have been replaced or ended.
      nothing: last === undefined || last === 'destroy',
      touch: calls.includes('touch'),
      destroy: calls.includes('destroy'),
      // A handler may not wait for the answer of its save: then no call but `get` is answered.
      save: last === undefined || calls.includes('set'),
    }
    if (!isRight[action]) wrong.push(`${line}, with these calls: ${calls.join(', ')}`)
  }
  beforeAll(() => subscribe('sessionware:request', listen))
  afterAll(() => void unsubscribe('sessionware:request', listen))
  return { wrong }
}

/** The implementation with a function that gets what has gone wrong. */
function toldTo(codes: Set<string>): SessionModule {
  const diagnostics = ({ code }: Diagnostic) => void (isAdvice(code) || codes.add(code))
  const session = (options: object) => ours({ ...options, diagnostics } as never)
  return Object.assign(session, { Store: ours.Store, MemoryStore: ours.MemoryStore }) as SessionModule
}

/** What may be told of a program: its mistakes. Nothing may be told of one without these. */
function mistakesOf({ options, store, requests }: Program): string[] {
  const { cookie = {} } = options
  const steps = requests.flatMap((request) => request.steps)
  const isSecure = cookie.secure === true
  const needsSecure = cookie.sameSite === 'none' || cookie.sameSite === 'auto' || cookie.partitioned
  const expires = cookie.expiresIn !== undefined || steps.some((step) => step.do === 'expires')
  const odd = cookieOf(store.odd)
  const mistakes: [code: string, isMade: unknown][] = [
    // A session that was made over HTTPS has a secure cookie, also when a request comes over plain HTTP.
    [
      'SESSIONWARE_COOKIE_NOT_SENT',
      isSecure || (cookie.secure === 'auto' && requests.some(({ https }) => https)) || odd.secure,
    ],
    ['SESSIONWARE_COOKIE_NOT_SECURE', (needsSecure && !isSecure) || odd.sameSite || odd.partitioned],
    ['SESSIONWARE_COOKIE_DOMAIN', cookie.domain || odd.domain],
    ['SESSIONWARE_COOKIE_EXPIRES', expires],
    // 900 milliseconds look like 15 minutes.
    ['SESSIONWARE_SECONDS', expires],
    ['SESSIONWARE_PATH', cookie.path && cookie.path !== '/'],
    ['SESSIONWARE_STORE_DISCONNECTED', requests.some(({ storeEvent }) => storeEvent === 'disconnect')],
    ['SESSIONWARE_NOT_AWAITED', steps.some((step) => step.do === 'save without callback')],
  ]
  return mistakes.flatMap(([code, isMade]) => (isMade ? [code] : []))
}

/** The cookie of a session that other code has stored, which may be wrong. */
function cookieOf(record: unknown): Record<string, unknown> {
  return (record as { cookie?: Record<string, unknown> } | undefined | null)?.cookie ?? {}
}
