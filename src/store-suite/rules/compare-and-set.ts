import assert from 'node:assert/strict'
import { generateId } from '../../session/generate-id'
import { liveSession } from '../live-session'
import type { Rule } from '../rule'
import { addShortLived } from '../short-lived'
import type { Trial } from '../trial'

const HOUR = 3_600_000

/** Rules for `compareAndSet`: it writes a session only while the stored record is the one that was loaded. */
export const compareAndSet: Rule[] = [
  rule('writes a session with compareAndSet if its record has not changed', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    assert.equal(await write(trial, id, { user: 'eve' }, await load(trial, id)), true)
    await trial.expectData(id, { user: 'eve' })
  }),
  rule('answers compareAndSet with the record, and writes nothing, if it has changed', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    const loaded = await load(trial, id)
    await trial.set(id, { user: 'bob' })
    expectRecord(await write(trial, id, { user: 'eve' }, loaded), 'bob')
    await trial.expectData(id, { user: 'bob' })
  }),
  rule('answers compareAndSet with false, and creates nothing, if the record is gone', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    const loaded = await load(trial, id)
    await trial.ask('destroy', id)
    assert.equal(await write(trial, id, { user: 'eve' }, loaded), false)
    await trial.expectNone(id)
  }),
  rule('creates a record with compareAndSet, without a loaded one', async (trial) => {
    const id = generateId()
    assert.equal(await write(trial, id, { user: 'ada' }, undefined), true)
    await trial.expectData(id, { user: 'ada' })
  }),
  rule('does not replace a record with compareAndSet without the loaded one', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    expectRecord(await write(trial, id, { user: 'eve' }, undefined), 'ada')
    await trial.expectData(id, { user: 'ada' })
  }),
  rule('accepts the record of an outcome as the loaded one', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    const loaded = await load(trial, id)
    await trial.set(id, { user: 'bob' })
    const record = await write(trial, id, { user: 'eve' }, loaded)
    assert.equal(await write(trial, id, { user: 'eve' }, record), true)
    await trial.expectData(id, { user: 'eve' })
  }),
  rule('accepts a session that compareAndSet has written as the loaded one', async (trial) => {
    const id = generateId()
    const session = liveSession(id, { user: 'ada' })
    assert.equal(await ask(trial, id, session, undefined), true)
    session.user = 'bob'
    assert.equal(await ask(trial, id, session, session), true)
    assert.equal(await write(trial, id, { user: 'eve' }, session), true)
    await trial.expectData(id, { user: 'eve' })
    expectRecord(await write(trial, id, { user: 'dan' }, session), 'eve')
  }),
  rule('compares with the record as it was loaded, even if the object has changed', async (trial) => {
    const { id } = await trial.add({ user: 'ada', list: [1] })
    const loaded = (await load(trial, id)) as { user: string; list: number[] }
    loaded.user = 'eve'
    loaded.list.push(2)
    assert.equal(await write(trial, id, { user: 'eve' }, loaded), true)
  }),
  rule('answers compareAndSet with the record if it has never given the loaded one', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    const copy = await trial.find(id)
    expectRecord(await write(trial, id, { user: 'eve' }, copy), 'ada')
    await trial.expectData(id, { user: 'ada' })
  }),
  rule('lets only one of several simultaneous calls of compareAndSet write', async (trial) => {
    const { id } = await trial.add({ user: 'ada' })
    const loaded = await load(trial, id)
    const users = ['bob', 'cat', 'dan', 'eve']
    const outcomes = await Promise.all(users.map((user) => write(trial, id, { user }, loaded)))
    const winners = users.filter((_, index) => outcomes[index] === true)
    assert.equal(winners.length, 1, `${winners.length} calls have written`)
    await trial.expectData(id, { user: winners[0] })
  }),
  {
    title: 'takes no touch for a change of the record',
    needs: ['compareAndSet', 'touch'],
    async check(trial) {
      const { id } = await trial.add({ user: 'ada' }, { maxAge: HOUR })
      const loaded = await load(trial, id)
      const touched = liveSession(id, { user: 'ada' }, { maxAge: HOUR })
      touched.cookie._expires = new Date(Date.now() + HOUR + 5000)
      await trial.ask('touch', id, touched)
      assert.equal(await write(trial, id, { user: 'eve' }, loaded), true)
    },
  },
  {
    title: 'answers compareAndSet with false if the record has expired',
    needs: ['compareAndSet', 'expiry'],
    async check(trial) {
      let loaded: unknown
      const record = await addShortLived(trial, async ({ id }) => {
        loaded = await load(trial, id)
      })
      const { clock } = trial
      await clock.until(record.latestEnd + clock.precision + clock.step)
      assert.equal(await write(trial, record.id, { user: 'eve' }, loaded), false)
      await trial.expectNone(record.id)
    },
  },
]

function rule(title: string, check: Rule['check']): Rule {
  return { title, needs: ['compareAndSet'], check }
}

/** Returns the very object that `get` answers with. */
function load(trial: Trial, id: string): Promise<unknown> {
  return trial.ask('get', id)
}

function write(trial: Trial, id: string, data: object, loaded: unknown): Promise<unknown> {
  return ask(trial, id, liveSession(id, data), loaded)
}

async function ask(trial: Trial, id: string, session: object, loaded: unknown): Promise<unknown> {
  const outcome = await trial.ask('compareAndSet', id, session, loaded)
  const isOutcome = typeof outcome === 'boolean' || (typeof outcome === 'object' && outcome !== null)
  assert.ok(isOutcome, `compareAndSet() answered with ${String(outcome)}, not with true, false or a record`)
  return outcome
}

function expectRecord(outcome: unknown, user: string): void {
  assert.equal(
    typeof outcome,
    'object',
    `compareAndSet() answered with ${String(outcome)}, not with the record`,
  )
  assert.equal((outcome as { user?: unknown }).user, user)
}
