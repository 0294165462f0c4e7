import assert from 'node:assert/strict'
import { generateId } from '../../session/generate-id'
import { liveSession } from '../live-session'
import type { Rule } from '../rule'

/** Rules about the independence of stored records and the objects that an application has. */
export const isolation: Rule[] = [
  {
    title: 'stores the session as it is when set is called',
    async check(trial) {
      const session = liveSession(generateId(), { list: ['before'] })
      const answer = trial.ask('set', session.id, session)
      ;(session.list as string[]).push('after')
      await answer
      await trial.expectData(session.id, { list: ['before'] })
    },
  },
  {
    title: 'does not change a stored record when the session object changes later',
    async check(trial) {
      const session = await trial.add({ list: ['before'] }, { maxAge: 60_000 })
      ;(session.list as string[]).push('after')
      session.cookie.originalMaxAge = 1
      await trial.expectData(session.id, { list: ['before'] })
      assert.equal((await trial.find(session.id))?.cookie?.originalMaxAge, 60_000)
    },
  },
  {
    title: 'returns a new object from each get',
    async check(trial) {
      const { id } = await trial.add({ list: ['stored'] })
      const record = (await trial.ask('get', id)) as { list: string[] }
      record.list.push('changed')
      await trial.expectData(id, { list: ['stored'] })
    },
  },
  {
    title: 'does not change the session that is passed to set',
    async check(trial) {
      const session = liveSession(generateId(), { user: 'ada' }, { maxAge: 60_000 })
      const before = JSON.stringify(session)
      await trial.ask('set', session.id, session)
      assert.equal(JSON.stringify(session), before)
    },
  },
]
