import { describe, expect, it, onTestFinished } from 'vitest'
import { updateSession } from '../../src'
import { createBarrier, parameter, showSession, startMergeApp } from '../session/merge/merge-app'
import type { Layer } from '../support/app'
import { ours } from '../support/implementations'
import { type AnyStore, type Done, MissingServer, type StoreKind } from './contract'
import { connectPgSimple } from './kinds/postgres'
import { connectRedis9 } from './kinds/redis'

const COUNT = 100

const logIn: Layer = (req, res) => {
  req.session.views = 0
  res.end()
}
const logOut: Layer = async (req, res) => {
  await req.session.destroy()
  res.end()
}

describe.each([connectRedis9, connectPgSimple])("saveMode 'merge' on $name", (kind) => {
  it('loses no key of 100 requests at once, and no increment', async ({ skip }) => {
    const barrier = createBarrier(COUNT)
    const add: Layer = async (req, res) => {
      Object.assign(req.session, { [parameter(req.url, 'key')]: true })
      await barrier()
      await updateSession(req, (draft) =>
        Object.assign(draft, { views: Number(Reflect.get(draft, 'views')) + 1 }),
      )
      res.end()
    }
    const store = await openStore(kind, skip)
    const { visit } = await startMergeApp({ logIn, add, show: showSession }, { store })
    const { cookie } = await visit('logIn')
    await Promise.all(Array.from({ length: COUNT }, (_, i) => visit(`add?key=k${i}`, cookie)))
    const data = JSON.parse((await visit('show', cookie)).text)
    expect([data.views, Object.keys(data).length]).toEqual([COUNT, COUNT + 1])
  })

  it('does not bring back a session that another process has destroyed while the handler ran', async ({
    skip,
  }) => {
    const barrier = createBarrier(2)
    const work: Layer = async (req, res) => {
      Object.assign(req.session, { late: true })
      await barrier()
      await barrier.done
      res.end()
    }
    const store = await openStore(kind, skip)
    // Another object, as another process has one.
    const [one, two] = [
      await startMergeApp({ logIn, logOut, show: showSession }, { store }),
      await startMergeApp({ work }, { store: again(store) }),
    ]
    const { cookie } = await one.visit('logIn')
    const working = two.visit('work', cookie)
    await barrier()
    await one.visit('logOut', cookie)
    barrier.finish()
    await working
    expect((await one.visit('show', cookie)).text).toBe('{}')
  })
})

/** Returns another store object with the same records. */
function again(store: AnyStore): object {
  return {
    get: (sid: string, done: Done) => store.get(sid, done),
    set: (sid: string, session: object, done: Done) => store.set(sid, session, done),
    destroy: (sid: string, done: Done) => store.destroy(sid, done),
  }
}

async function openStore(kind: StoreKind, skip: (note: string) => void): Promise<AnyStore> {
  try {
    const lease = await kind.server?.lease()
    const open = await kind.open(ours, lease?.url as URL)
    onTestFinished(async () => {
      await open.close()
      await lease?.close()
    })
    return open.store
  } catch (err) {
    if (!(err instanceof MissingServer) || process.env.REQUIRE_SERVERS === '1') throw err
    skip(err.message)
    return {} as AnyStore
  }
}
