import { generateId } from '../../session/generate-id'
import { liveSession } from '../live-session'
import type { Rule } from '../rule'

/** Rules for `update`: a `set` for existing records only. A store may answer as it likes for an unknown id. */
export const update: Rule[] = [
  {
    title: 'updates an existing record',
    needs: ['update'],
    async check(trial) {
      const { id } = await trial.add({ user: 'ada' })
      await trial.ask('update', id, liveSession(id, { user: 'eve' }))
      await trial.expectData(id, { user: 'eve' })
    },
  },
  {
    title: 'creates no record when it updates an unknown id',
    needs: ['update'],
    async check(trial) {
      const id = generateId()
      // The answer may be an error or `false`; only the missing record matters.
      await trial.ask('update', id, liveSession(id, { user: 'ada' })).catch(() => {})
      await trial.expectNone(id)
    },
  },
]
