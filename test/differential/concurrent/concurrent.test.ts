import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ours, type SessionModule, upstream } from '../../support/implementations'
import { RUNS, SEED } from '../seed'
import { type Comparison, compareProgram } from './compare-program'
import { withOneStore, withOptions, withTrustInHeadersSent } from './mutants'
import { concurrentProgramArbitrary, keepOnly } from './program-arbitrary'
import { showConcurrentProgram } from './show-program'

const TIME_LIMIT = 120_000 + RUNS * 60

const QUICK = { numRuns: 3000, seed: 1, endOnFailure: true }

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})

afterAll(() => {
  vi.useRealTimers()
})

describe('session', () => {
  it(
    `behaves as documented beside express-session in ${RUNS} concurrent programs, SEED=${SEED}`,
    async () => {
      console.info(`concurrent programs: SEED=${SEED} RUNS=${RUNS}`)
      const limit = { interruptAfterTimeLimit: TIME_LIMIT / 2, markInterruptAsFailure: true }
      const { numRuns, program } = await find(ours, isFault, concurrentProgramArbitrary, {
        numRuns: RUNS,
        seed: SEED,
        ...limit,
      })
      if (!program) return expect(numRuns).toBe(RUNS)
      const result = await compareProgram(program, ours)
      const text = `SEED=${SEED}\n${showConcurrentProgram(program)}`
      expect(result.broken, text).toEqual([])
      expect(result.actual, text).toEqual(result.expected)
    },
    TIME_LIMIT,
  )
})

describe('the comparison', () => {
  it.each([
    ['resave', { resave: false }],
    ['saveUninitialized', { saveUninitialized: true }],
    ['rolling', { rolling: true }],
    ['unset', { unset: 'destroy' }],
  ] as const)('finds a difference when %s has another value', async (_name, options) => {
    const { program } = await find(withOptions(options), isFault, concurrentProgramArbitrary, QUICK)
    expect(program).toBeDefined()
  })

  it.each<[string, SessionModule, Parameters<typeof keepOnly>[0], (result: Comparison) => boolean]>([
    ['a client that leaves', upstream, 'clients that leave', differs],
    ['requests at the same time', upstream, 'requests at once', breaks('is back after its session ended')],
    ['a store that throws', upstream, 'stores that fail', shows('thrown: Error: set failed')],
    ['a second process', withOneStore(), 'a second process', differs],
    ['an own property of the response', withTrustInHeadersSent(), 'own properties', isFault],
  ])('finds the fault of an implementation that shows with %s', async (_name, session, kind, isWanted) => {
    const programs = concurrentProgramArbitrary.map(keepOnly(kind))
    expect((await find(session, isWanted, programs, QUICK)).program).toBeDefined()
  })
})

async function find(
  session: SessionModule,
  isWanted: (result: Comparison) => boolean,
  programs: typeof concurrentProgramArbitrary,
  parameters: fc.Parameters<[never]>,
) {
  const property = fc.asyncProperty(
    programs,
    async (program) => !isWanted(await compareProgram(program, session)),
  )
  const { counterexample, numRuns } = await fc.check(property, parameters as object)
  return { program: counterexample?.[0], numRuns }
}

function isFault(result: Comparison) {
  return result.broken.length > 0 || differs(result)
}

function differs({ actual, expected }: Comparison) {
  return actual.join('\n') !== expected.join('\n')
}

function shows(text: string) {
  return (result: Comparison) => differs(result) && result.actual.some((line) => line.includes(text))
}

function breaks(rule: string) {
  return ({ broken }: Comparison) => broken.some((text) => text.includes(rule))
}
