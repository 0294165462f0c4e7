import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryStore } from '../../../../src/stores/memory/memory-store'
import { record } from '../../../support/records'

const ada = record({ user: 'ada' })
const bob = record({ user: 'bob' })

describe('sessions', () => {
  let store: MemoryStore

  beforeEach(() => {
    store = new MemoryStore({ checkPeriod: 0 })
    store.set('a', ada as never)
  })

  it('shows the JSON of each session by its id', () => {
    expect(JSON.parse(store.sessions.a as string)).toEqual(ada)
    expect([store.sessions.b, Object.keys(store.sessions)]).toEqual([undefined, ['a']])
    expect(['a' in store.sessions, 'b' in store.sessions, 'toString' in store.sessions]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('writes to the store on assignment of an id', async () => {
    store.sessions.b = JSON.stringify(bob)
    store.sessions.a = JSON.stringify(bob)
    expect([await get(store, 'a'), await get(store, 'b')]).toEqual([bob, bob])
  })

  it('removes from the store on deletion of an id', async () => {
    delete store.sessions.a
    expect([await get(store, 'a'), Object.keys(store.sessions)]).toEqual([undefined, []])
  })

  it.each([undefined, null, '', 'null'])('has no session where %j is assigned', async (nothing) => {
    store.sessions.a = nothing as never
    expect([await get(store, 'a'), Object.keys(store.sessions)]).toEqual([undefined, []])
  })

  it('replaces all sessions on assignment of an object', async () => {
    store.sessions = { b: JSON.stringify(bob) }
    expect([await get(store, 'a'), await get(store, 'b')]).toEqual([undefined, bob])
    store.sessions = {}
    expect(Object.keys(store.sessions)).toEqual([])
  })

  it('may be assigned to itself', async () => {
    // biome-ignore lint/correctness/noSelfAssign: the setter must accept the getter's value.
    store.sessions = store.sessions
    expect(await get(store, 'a')).toEqual(ada)
  })

  it('shows later changes in an object that was read before', () => {
    const { sessions } = store
    store.set('b', bob as never)
    expect(Object.keys(sessions).sort()).toEqual(['a', 'b'])
  })
})

function get(store: MemoryStore, sid: string) {
  return new Promise((resolve) => store.get(sid, (_err, found) => resolve(found)))
}
