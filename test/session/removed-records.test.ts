import { describe, expect, it } from 'vitest'
import session from '../../src'
import { ANN, seeded, startSlow } from '../support/ending'
import { compare, ours } from '../support/implementations'

describe('a record that the application removes from a MemoryStore', () => {
  type Store = InstanceType<typeof session.MemoryStore> & { sessions: Record<string, string> }
  const removals: Record<string, (store: Store) => void> = {
    'by destroy': (store) => store.destroy('a'),
    'by clear': (store) => store.clear(),
    'from sessions': (store) => {
      delete store.sessions.a
    },
    'by replacing sessions': (store) => {
      store.sessions = {}
    },
  }

  it.each(Object.keys(removals))('%s is not written again by a request in flight', async (removal) => {
    const stored = await compare(async (session) => {
      const store = new session.MemoryStore() as Store
      store.sessions.a = JSON.stringify(ANN)
      const slow = await startSlow(session, store)
      removals[removal]?.(store)
      await slow.finish()
      return Object.keys(store.sessions)
    })
    expect(stored).toEqual({ ours: [], upstream: ['a'] })
  })

  it('is refused for a subclass that works before its parent does', async () => {
    const removed: string[] = []
    class Noting extends session.MemoryStore {
      override destroy(sid: string, callback?: () => void) {
        removed.push(sid)
        super.destroy(sid, callback)
      }
    }
    const store = new Noting()
    store.sessions.a = JSON.stringify(ANN)
    const slow = await startSlow(ours, store)
    store.destroy('a')
    await slow.finish()
    expect([removed, Object.keys(store.sessions)]).toEqual([['a'], []])
  })

  it('is written by the request in flight if replacing sessions has kept it', async () => {
    const store = new session.MemoryStore()
    store.sessions.a = JSON.stringify(ANN)
    const slow = await startSlow(ours, store)
    store.sessions = { a: JSON.stringify(ANN) }
    await slow.finish()
    expect(JSON.parse(store.sessions.a as string)).toMatchObject({ value: 'late' })
  })

  it('is written again by a request in flight in any other store', async () => {
    const stored = await compare(async (session) => {
      const store = seeded(session)
      const slow = await startSlow(session, store)
      await new Promise<void>((done) => store.destroy('a', () => done()))
      await slow.finish()
      return store.records.has('a')
    })
    expect(stored).toEqual({ ours: true, upstream: true })
  })
})
