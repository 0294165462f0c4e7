import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateId } from '../../session/generate-id'
import { ask, methodOf, passMissing } from '../ask'
import { liveSession } from '../live-session'
import type { Ability, Rule } from '../rule'
import type { TestedStore, Trial } from '../trial'

/** How long to listen for a second answer, in milliseconds. */
const ECHO = 10

/** How a store answers. */
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
    title: 'sets and destroys without a callback',
    async check(trial) {
      const session = liveSession(generateId(), { user: 'ada' })
      await call(trial, 'set', session.id, session)
      await settle(trial, 'set() did nothing', () => trial.has(session.id))
      await call(trial, 'destroy', session.id)
      await settle(trial, 'destroy() did nothing', async () => !(await trial.has(session.id)))
    },
  },
  without('touch', async (trial) => {
    const session = await trial.add({ user: 'ada' }, { maxAge: 60_000 })
    await call(trial, 'touch', session.id, session)
    // A second one, since nobody says when the first is done.
    await trial.ask('touch', session.id, session)
    await trial.expectData(session.id, { user: 'ada' })
  }),
  without('clear', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    await call(trial, 'clear')
    await settle(trial, 'clear() did nothing', async () => !(await trial.has(id)))
  }),
]

function without(ability: Ability & keyof TestedStore, check: Rule['check']): Rule {
  return { title: `takes ${ability} without a callback`, needs: [ability], check }
}

async function answersOnce(trial: Trial, name: keyof TestedStore, ...args: unknown[]): Promise<void> {
  let count = 0
  await ask(trial.store, name, args, trial.timeout, () => count++).catch(passMissing)
  await sleep(ECHO)
  assert.ok(count <= 1, `${name}() called back ${count} times`)
}

async function call(trial: Trial, name: keyof TestedStore, ...args: unknown[]): Promise<void> {
  await methodOf(trial.store, name).apply(trial.store, args)
}

/** Looks again until it holds: without an answer nobody says when the work is done. */
async function settle(trial: Trial, failure: string, holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += ECHO) {
    assert.ok(waited < trial.timeout, failure)
    await sleep(ECHO)
  }
}
