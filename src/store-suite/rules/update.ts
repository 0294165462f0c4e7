import { generateId } from '../../session/generate-id'
import { liveSession } from '../live-session'
import type { Rule } from '../rule'

/** `update`: a `set` for records that are there. What it answers where there is none is up to the store. */
export const update: Rule[] = [
  {
    title: 'updates a record that is there',
    needs: ['update'],
    async check(trial) {
      const { id } = await trial.add({ user: 'ada' })
      await trial.ask('update', id, liveSession(id, { user: 'eve' }))
      await trial.expectData(id, { user: 'eve' })
    },
  },
  {
    title: 'makes no record of updating what is not there',
    needs: ['update'],
    async check(trial) {
      const id = generateId()
      // An error says that nothing was written, as `false` does.
      await trial.ask('update', id, liveSession(id, { user: 'ada' })).catch(() => {})
      await trial.expectNone(id)
    },
  },
]
