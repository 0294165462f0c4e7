import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ours, type SessionModule, upstream } from '../support/implementations'
import { perform } from './perform'
import type { Program } from './program'
import { anyProgramArbitrary, programArbitrary } from './program-arbitrary'
import { RUNS, SEED } from './seed'
import { showProgram } from './show-program'
import { Stage } from './stage'
import { rules } from './steering'

const TIME_LIMIT = 60_000 + RUNS * 50

const QUICK = { numRuns: 3000, seed: 1, endOnFailure: true }

const stages = { ours: new Stage(), upstream: new Stage() }

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  await Promise.all([stages.ours.open(), stages.upstream.open()])
})

afterAll(() => {
  stages.ours.close()
  stages.upstream.close()
  vi.useRealTimers()
})

describe('session', () => {
  it(
    `behaves like express-session in ${RUNS} generated programs, SEED=${SEED}`,
    async () => {
      console.info(`differential programs: SEED=${SEED} RUNS=${RUNS}`)
      const program = await findDisagreement(ours, programArbitrary, { numRuns: RUNS, seed: SEED })
      if (!program) return
      const played = await playBoth(program, ours)
      expect(played.ours, showProgram(program)).toEqual(played.upstream)
    },
    TIME_LIMIT,
  )
})

describe('the comparison', () => {
  it.each([
    ['rolling', { rolling: true }],
    ['resave', { resave: false }],
    ['saveUninitialized', { saveUninitialized: true }],
    ['unset', { unset: 'destroy' }],
    ['cookie', { cookie: { httpOnly: true } }],
  ])('finds a difference when one implementation gets another value of %s', async (_name, options) => {
    expect(await findDisagreement(withOptions(options), programArbitrary, QUICK)).toBeDefined()
  })

  it.each(rules)(
    'finds a difference when programs are not kept from this one: $difference',
    async ({ meets }) => {
      const programs = anyProgramArbitrary.filter((program) =>
        rules.every((rule) => rule.meets(program) === (rule.meets === meets)),
      )
      expect(await findDisagreement(ours, programs, QUICK)).toBeDefined()
    },
  )
})

async function findDisagreement(
  session: SessionModule,
  programs: fc.Arbitrary<Program>,
  parameters: fc.Parameters<[Program]>,
) {
  const property = fc.asyncProperty(programs, async (program) => {
    const played = await playBoth(program, session)
    return played.ours.join('\n') === played.upstream.join('\n')
  })
  const details = await fc.check(property, parameters)
  return details.counterexample?.[0]
}

async function playBoth(program: Program, session: SessionModule) {
  return {
    ours: await perform(program, session, stages.ours),
    upstream: await perform(program, upstream, stages.upstream),
  }
}

function withOptions(changed: object): SessionModule {
  const session = (options: object) => ours({ ...options, ...changed } as never)
  return Object.assign(session, { Store: ours.Store, MemoryStore: ours.MemoryStore }) as SessionModule
}
