import { generateId } from '../../session/generate-id'
import { liveSession } from '../live-session'
import type { Rule } from '../rule'
import { addShortLived } from '../short-lived'
import { expectMoved } from './expiry'

const HOUR = 3_600_000

/** Rules for `touch`: it updates the expiry and changes nothing else. */
export const touch: Rule[] = [
  {
    title: 'does not change the data on touch',
    needs: ['touch'],
    async check(trial) {
      const { id } = await trial.add({ user: 'ada' }, { maxAge: HOUR })
      await trial.ask('touch', id, liveSession(id, { user: 'eve' }, { maxAge: HOUR }))
      await trial.expectData(id, { user: 'ada' })
    },
  },
  {
    title: 'touches an unknown id without an error and creates no record',
    needs: ['touch'],
    async check(trial) {
      const id = generateId()
      await trial.ask('touch', id, liveSession(id, { user: 'ada' }, { maxAge: HOUR }))
      await trial.expectNone(id)
    },
  },
  {
    title: 'updates the expiry on touch',
    needs: ['touch', 'expiry'],
    async check(trial) {
      const record = await addShortLived(trial, ({ id }) =>
        trial.ask('touch', id, liveSession(id, { user: 'ada' }, { maxAge: HOUR })),
      )
      await expectMoved(trial, record)
    },
  },
]
