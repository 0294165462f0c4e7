import assert from 'node:assert/strict'
import type { Rule } from '../rule'
import type { StoredRecord, Trial } from '../trial'

/** Rules for the methods that concern all records: `all`, `length` and `clear`. */
export const overall: Rule[] = [
  {
    title: 'lists all records in an array, or in an object by id',
    needs: ['all'],
    async check(trial) {
      const sessions = [await trial.add({ number: 1 }), await trial.add({ number: 2 })]
      const all = await listOf(trial)
      const numbers = Object.values(all).map((record) => record.number)
      assert.deepEqual(numbers.sort(), [1, 2])
      if (Array.isArray(all)) return
      const { store } = trial
      const keys = sessions.map(({ id }) => store.keyOf?.(id) ?? id)
      assert.deepEqual(Object.keys(all).sort(), keys.sort())
    },
  },
  {
    title: 'lists no records when it is empty',
    needs: ['all'],
    check: async (trial) => assert.deepEqual(Object.values(await listOf(trial)), []),
  },
  {
    title: 'counts its records',
    needs: ['length'],
    async check(trial) {
      assert.equal(await trial.ask('length'), 0)
      const { id } = await trial.add({ number: 1 })
      await trial.add({ number: 2 })
      await trial.set(id, { number: 3 })
      assert.equal(await trial.ask('length'), 2)
    },
  },
  {
    title: 'clears all records',
    needs: ['clear'],
    async check(trial) {
      const sessions = [await trial.add({ number: 1 }), await trial.add({ number: 2 })]
      await trial.ask('clear')
      for (const { id } of sessions) await trial.expectNone(id)
    },
  },
  {
    title: 'clears an empty store without an error',
    needs: ['clear'],
    check: async (trial) => void (await trial.ask('clear')),
  },
]

async function listOf(trial: Trial): Promise<StoredRecord[] | Record<string, StoredRecord>> {
  const all = (await trial.ask('all')) ?? []
  assert.equal(typeof all, 'object', 'all() must answer with an array or an object')
  return JSON.parse(JSON.stringify(all))
}
