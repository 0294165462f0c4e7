import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ours, type SessionModule, upstream } from '../support/implementations'
import { perform } from './perform'
import type { Program } from './program'
import { programArbitrary } from './program-arbitrary'
import { showProgram } from './show-program'
import { Stage } from './stage'

const RUNS = Number(process.env.RUNS ?? 2000)
const SEED = Number(process.env.SEED ?? Date.now() % 0x7fffffff)
const TIME_LIMIT = 60_000 + RUNS * 50

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
    `behaves as express-session in ${RUNS} programs made from SEED=${SEED}`,
    async () => {
      console.info(`differential programs: SEED=${SEED} RUNS=${RUNS}`)
      const program = await findDisagreement(ours, { numRuns: RUNS, seed: SEED })
      if (!program) return
      const played = await playBoth(program, ours)
      expect(played.ours, showProgram(program)).toEqual(played.upstream)
    },
    TIME_LIMIT,
  )
})

async function findDisagreement(session: SessionModule, parameters: fc.Parameters<[Program]>) {
  const property = fc.asyncProperty(programArbitrary, async (program) => {
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
