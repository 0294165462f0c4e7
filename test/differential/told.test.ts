import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Diagnostic } from '../../src'
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
  it(
    `change nothing, and tell nothing that is not in the program, in ${RUNS} programs, SEED=${SEED}`,
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
    },
    60_000 + RUNS * 1000,
  )
})

/** The implementation with a function that gets what has gone wrong. */
function toldTo(codes: Set<string>): SessionModule {
  const diagnostics = ({ code }: Diagnostic) => void (isAdvice(code) || codes.add(code))
  const session = (options: object) => ours({ ...options, diagnostics } as never)
  return Object.assign(session, { Store: ours.Store, MemoryStore: ours.MemoryStore }) as SessionModule
}

/** What may be told of a program: its mistakes. Nothing may be told of one without these. */
function mistakesOf({ options, requests }: Program): string[] {
  const { cookie = {} } = options
  const steps = requests.flatMap((request) => request.steps)
  const isSecure = cookie.secure === true
  const needsSecure = cookie.sameSite === 'none' || cookie.sameSite === 'auto' || cookie.partitioned
  const expires = cookie.expiresIn !== undefined || steps.some((step) => step.do === 'expires')
  const mistakes: [code: string, isMade: unknown][] = [
    // A session that was made over HTTPS has a secure cookie, also when a request comes over plain HTTP.
    [
      'SESSIONWARE_COOKIE_NOT_SENT',
      isSecure || (cookie.secure === 'auto' && requests.some(({ https }) => https)),
    ],
    ['SESSIONWARE_COOKIE_NOT_SECURE', needsSecure && !isSecure],
    ['SESSIONWARE_COOKIE_DOMAIN', cookie.domain],
    ['SESSIONWARE_COOKIE_EXPIRES', expires],
    // 900 milliseconds look like 15 minutes.
    ['SESSIONWARE_SECONDS', expires],
    ['SESSIONWARE_PATH', cookie.path && cookie.path !== '/'],
    ['SESSIONWARE_STORE_DISCONNECTED', requests.some(({ storeEvent }) => storeEvent === 'disconnect')],
    ['SESSIONWARE_NOT_AWAITED', steps.some((step) => step.do === 'save without callback')],
  ]
  return mistakes.flatMap(([code, isMade]) => (isMade ? [code] : []))
}
