import assert from 'node:assert/strict'
import type { Rule } from '../rule'
import type { Trial } from '../trial'

const HOUR = 3_600_000

/** Rules about when a record expires: at `session.cookie.expires`. */
export const expiry: Rule[] = [
  {
    title: 'serves a record until it expires and no longer',
    needs: ['expiry'],
    async check(trial) {
      const { id, cookie } = await trial.add({ user: 'ada' }, { maxAge: trial.clock.lifetime })
      await trial.expectData(id, { user: 'ada' })
      await expectExpiry(trial, id, (cookie.expires as Date).getTime())
    },
  },
  {
    title: 'updates the expiry when an id is set again',
    needs: ['expiry'],
    async check(trial) {
      const { clock } = trial
      const { id } = await trial.add({ user: 'ada' }, { maxAge: clock.lifetime })
      const end = Date.now() + clock.lifetime
      await trial.set(id, { user: 'ada' }, { maxAge: HOUR })
      await clock.until(end + clock.precision + clock.step)
      await trial.expectData(id, { user: 'ada' })
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

/** Reads the record from shortly before its expiry until it is no longer served, and checks that time. */
async function expectExpiry(trial: Trial, id: string, expires: number): Promise<void> {
  const { clock } = trial
  await clock.until(expires - clock.precision - clock.step)
  for (;;) {
    const asked = Date.now()
    if (!(await trial.has(id))) break
    assert.ok(
      asked < expires + clock.precision,
      `the record was served ${asked - expires} ms after its expiry`,
    )
    await clock.until(asked + clock.step)
  }
  const left = expires - Date.now()
  assert.ok(left <= clock.precision, `the record was missing ${left} ms before its expiry`)
}
