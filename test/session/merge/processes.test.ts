import { describe, expect, it } from 'vitest'
import { updateSession } from '../../../src'
import { ReferenceStore } from '../../store-suite/reference-store'
import type { Layer } from '../../support/app'
import { sidOfCookie } from '../../support/cookies'
import { createGate } from '../../support/gate'
import { createStore } from '../../support/store'
import { createBarrier, showSession, startMergeApp } from './merge-app'

type Data = Record<string, unknown>
const dataOf = (session: object) => session as Data

const routes: Record<string, Layer> = {
  show: showSession,
  logIn(req, res) {
    dataOf(req.session).views = 0
    res.end()
  },
  logOut: async (req, res) => {
    await req.session.destroy()
    res.end()
  },
  renew: async (req, res) => {
    await req.session.regenerate()
    dataOf(req.session).renewed = true
    res.end()
  },
  count: async (req, res) => {
    await updateSession(req, (draft) => {
      const data = dataOf(draft)
      data.views = Number(data.views) + 1
    })
    res.end()
  },
}

/** Starts two apps over the same records. Each has a store object of its own, as two processes have. */
async function startProcesses(more: Record<string, Layer> = {}) {
  const right = new ReferenceStore()
  const stores = [new ReferenceStore(), new ReferenceStore()]
  for (const store of stores) store.entries = right.entries
  const [one, two] = await Promise.all(
    stores.map((store) => startMergeApp({ ...routes, ...more }, { store })),
  )
  return { one: one as NonNullable<typeof one>, two: two as NonNullable<typeof two>, entries: right.entries }
}

describe('two processes over one store with compareAndSet', () => {
  it('lose none of 1,000 increments', async () => {
    const { one, two } = await startProcesses()
    const { cookie } = await one.visit('logIn')
    await Promise.all(Array.from({ length: 1000 }, (_, i) => (i % 2 ? one : two).visit('count', cookie)))
    expect(JSON.parse((await one.visit('show', cookie)).text)).toEqual({ views: 1000 })
  })

  it.each(['count', 'add'])(
    'write in the end (%s) where another one writes after each try that was refused',
    async (path) => {
      let writes = 0
      const store = new ReferenceStore()
      const otherWrites = (sid: string) => {
        const entry = store.entries.get(sid) as { json: string }
        entry.json = JSON.stringify({ ...JSON.parse(entry.json), other: ++writes })
      }
      const { compare } = store
      let isFirst = true
      store.compare = (sid, session, loaded) => {
        if (loaded && isFirst) otherWrites(sid)
        isFirst = false
        const outcome = compare.call(store, sid, session, loaded)
        if (typeof outcome === 'object') otherWrites(sid)
        return outcome
      }
      const add: Layer = (req, res) => {
        dataOf(req.session).mine = true
        res.end()
      }
      const { visit, errors } = await startMergeApp({ ...routes, add }, { store })
      const { cookie } = await visit('logIn')
      isFirst = true
      await visit(path, cookie)
      expect(errors).toEqual([])
      const shown = JSON.parse((await visit('show', cookie)).text)
      expect(shown).toMatchObject(path === 'count' ? { views: 1, other: 3 } : { mine: true, other: 3 })
    },
  )

  it('lose no key of requests at once', async () => {
    const barrier = createBarrier(100)
    let keys = 0
    const { one, two } = await startProcesses({
      async add(req, res) {
        dataOf(req.session)[`k${keys++}`] = true
        await barrier()
        res.end()
      },
    })
    const { cookie } = await one.visit('logIn')
    await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? one : two).visit('add', cookie)))
    expect(Object.keys(JSON.parse((await two.visit('show', cookie)).text))).toHaveLength(101)
  })

  it.each(['logOut', 'renew'])('bring back none of 60 sessions at %s', async (end) => {
    const { one, two, entries } = await startProcesses({
      async work(req, res) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
        dataOf(req.session).late = true
        res.end()
      },
    })
    const ids: string[] = []
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        const { cookie = '' } = await one.visit('logIn')
        ids.push(sidOfCookie(cookie))
        await Promise.all([
          two.visit('work', cookie),
          two.visit('work', cookie),
          one.visit(end, cookie),
          two.visit('work', cookie),
        ])
      }),
    )
    expect(ids.filter((id) => entries.has(id))).toEqual([])
  })
})

describe('two processes over one plain store', () => {
  const startPlain = async (more: Record<string, Layer> = {}) => {
    const store = createStore()
    // The same records, and another store object.
    const stores = [store, Object.create(store) as typeof store]
    const [one, two] = await Promise.all(
      stores.map((store) => startMergeApp({ ...routes, ...more }, { store })),
    )
    return { store, one: one as NonNullable<typeof one>, two: two as NonNullable<typeof two> }
  }

  it('do not bring a session back that is destroyed before the last read', async () => {
    const gate = createGate()
    const { store, one, two } = await startPlain({
      async work(req, res) {
        dataOf(req.session).late = true
        await new Promise<void>((resolve) => gate.enter(resolve))
        res.end()
      },
    })
    const { cookie } = await one.visit('logIn')
    const work = two.visit('work', cookie)
    await gate.entered
    await one.visit('logOut', cookie)
    gate.open()
    await work
    expect(store.records.size).toBe(0)
  })

  it('bring a session back that is destroyed between the last read and the write', async () => {
    const { store, one, two } = await startPlain()
    const { cookie } = await one.visit('logIn')
    const held = store.hold('set')
    const work = two.visit('count', cookie)
    await held.called
    await one.visit('logOut', cookie)
    held.release()
    await work
    expect(store.records.size).toBe(1)
  })
})
