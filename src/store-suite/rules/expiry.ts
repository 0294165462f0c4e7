import assert from 'node:assert/strict'
import type { Rule } from '../rule'
import { addShortLived, type ShortLived } from '../short-lived'
import type { Trial } from '../trial'

const HOUR = 3_600_000

/** Rules about when a record expires: at `session.cookie.expires`. */
export const expiry: Rule[] = [
  {
    title: 'serves a record until it expires and no longer',
    needs: ['expiry'],
    async check(trial) {
      let isThere = false
      const record = await addShortLived(trial, async ({ id }) => {
        isThere = await trial.has(id)
      })
      assert.ok(isThere, 'there is no record before its expiry')
      await expectExpiry(trial, record)
    },
  },
  {
    title: 'updates the expiry when an id is set again',
    needs: ['expiry'],
    async check(trial) {
      const record = await addShortLived(trial, ({ id }) => trial.set(id, { user: 'ada' }, { maxAge: HOUR }))
      await expectMoved(trial, record)
    },
  },
  {
    title: 'does not serve a record that was already expired when it was set',
    needs: ['expiry'],
    async check(trial) {
      const { id } = await trial.add({ user: 'ada' }, { maxAge: -HOUR })
      await trial.expectNone(id)
    },
  },
]

/** Asserts that the record is still there after its first expiry. */
export async function expectMoved(trial: Trial, { id, latestEnd }: ShortLived): Promise<void> {
  const { clock } = trial
  await clock.until(latestEnd + clock.precision + clock.step)
  await trial.expectData(id, { user: 'ada' })
}

/** Reads the record from shortly before its expiry until it is no longer served, and checks that time. */
async function expectExpiry(trial: Trial, { id, expires, latestEnd }: ShortLived): Promise<void> {
  const { clock } = trial
  await clock.until(expires - clock.precision - clock.step)
  for (;;) {
    const asked = Date.now()
    if (!(await trial.has(id))) break
    assert.ok(
      asked < latestEnd + clock.precision,
      `the record was served ${asked - expires} ms after its expiry`,
    )
    await clock.until(asked + clock.step)
  }
  const left = expires - Date.now()
  assert.ok(left <= clock.precision, `the record was missing ${left} ms before its expiry`)
}
