import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateId } from '../../session/generate-id'
import { ask, methodOf, passMissing } from '../ask'
import { liveSession } from '../live-session'
import type { Ability, Rule } from '../rule'
import type { TestedStore, Trial } from '../trial'

/** How long to wait for a second answer, and between two checks, in milliseconds. */
const PAUSE = 10

/** Rules about how a store answers. */
export const answers: Rule[] = [
  {
    title: 'answers get, set and destroy once',
    async check(trial) {
      const session = liveSession(generateId(), { user: 'ada' })
      await answersOnce(trial, 'set', session.id, session)
      await answersOnce(trial, 'get', session.id)
      await answersOnce(trial, 'get', generateId())
      await answersOnce(trial, 'destroy', session.id)
    },
  },
  {
    title: 'performs set and destroy without a callback',
    async check(trial) {
      const session = liveSession(generateId(), { user: 'ada' })
      await call(trial, 'set', session.id, session)
      await waitUntil(trial, 'set() without a callback did nothing', () => trial.has(session.id))
      await call(trial, 'destroy', session.id)
      await waitUntil(
        trial,
        'destroy() without a callback did nothing',
        async () => !(await trial.has(session.id)),
      )
    },
  },
  withoutCallback('touch', async (trial) => {
    const session = await trial.add({ user: 'ada' }, { maxAge: 60_000 })
    await call(trial, 'touch', session.id, session)
    // Without a callback the end of the first call is unknown, so wait for a second one.
    await trial.ask('touch', session.id, session)
    await trial.expectData(session.id, { user: 'ada' })
  }),
  withoutCallback('clear', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    await call(trial, 'clear')
    await waitUntil(trial, 'clear() without a callback did nothing', async () => !(await trial.has(id)))
  }),
]

function withoutCallback(ability: Ability & keyof TestedStore, check: Rule['check']): Rule {
  return { title: `performs ${ability} without a callback`, needs: [ability], check }
}

async function answersOnce(trial: Trial, name: keyof TestedStore, ...args: unknown[]): Promise<void> {
  let count = 0
  await ask(trial.store, name, args, trial.timeout, () => count++).catch(passMissing)
  await sleep(PAUSE)
  assert.ok(count <= 1, `${name}() called back ${count} times`)
}

async function call(trial: Trial, name: keyof TestedStore, ...args: unknown[]): Promise<void> {
  await methodOf(trial.store, name).apply(trial.store, args)
}

/** Waits until the condition holds, since a call without a callback does not report when it is done. */
async function waitUntil(trial: Trial, failure: string, holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += PAUSE) {
    assert.ok(waited < trial.timeout, failure)
    await sleep(PAUSE)
  }
}
