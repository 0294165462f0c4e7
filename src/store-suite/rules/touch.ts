import { generateId } from '../../session/generate-id'
import { liveSession } from '../live-session'
import type { Rule } from '../rule'

const HOUR = 3_600_000

/** What `touch` does: it moves the expiry, and nothing else. */
export const touch: Rule[] = [
  {
    title: 'leaves the data alone when it touches',
    needs: ['touch'],
    async check(trial) {
      const { id } = await trial.add({ user: 'ada' }, { maxAge: HOUR })
      await trial.ask('touch', id, liveSession(id, { user: 'eve' }, { maxAge: HOUR }))
      await trial.expectData(id, { user: 'ada' })
    },
  },
  {
    title: 'makes neither an error nor a record of touching what is not there',
    needs: ['touch'],
    async check(trial) {
      const id = generateId()
      await trial.ask('touch', id, liveSession(id, { user: 'ada' }, { maxAge: HOUR }))
      await trial.expectNone(id)
    },
  },
  {
    title: 'moves the expiry when it touches',
    needs: ['touch', 'expiry'],
    async check(trial) {
      const { clock } = trial
      const { id } = await trial.add({ user: 'ada' }, { maxAge: clock.lifetime })
      const end = Date.now() + clock.lifetime
      await trial.ask('touch', id, liveSession(id, { user: 'ada' }, { maxAge: HOUR }))
      await clock.until(end + clock.precision + clock.step)
      await trial.expectData(id, { user: 'ada' })
    },
  },
]
