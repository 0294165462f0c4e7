import { describe, expect, it } from 'vitest'
import type { Layer } from '../../support/app'
import { createGate } from '../../support/gate'
import { ours, upstream } from '../../support/implementations'
import { createBarrier, KINDS, MERGE, parameter, showSession, startMergeApp } from './merge-app'

type Data = Record<string, unknown>
const dataOf = (session: object) => session as Data

const logIn: Layer = (req, res) => {
  Object.assign(req.session, { user: 'ada', old: 1 })
  res.end()
}

describe.each(KINDS)("saveMode 'merge' on %s", (_kind, create) => {
  it('loses no key of 200 requests at once', async () => {
    const barrier = createBarrier(200)
    const add: Layer = async (req, res) => {
      const key = parameter(req.url, 'key')
      dataOf(req.session)[key] = true
      await barrier()
      res.end()
    }
    const { visit } = await startMergeApp({ logIn, add, show: showSession }, { store: create() })
    const { cookie } = await visit('logIn')
    await Promise.all(Array.from({ length: 200 }, (_, i) => visit(`add?key=k${i}`, cookie)))
    const data = JSON.parse((await visit('show', cookie)).text)
    expect(Object.keys(data)).toHaveLength(202)
  })

  it('keeps what each of two requests has deleted, set and replaced', async () => {
    const { show } = await race(create(), {
      first(session) {
        delete session.old
        session.both = 'first'
        session.nested = { a: 1 }
      },
      second(session) {
        session.new = 2
        session.both = 'second'
        session.nested = { b: 2 }
      },
    })
    expect(await show()).toEqual({ user: 'ada', new: 2, both: 'second', nested: { b: 2 } })
  })

  it('sets a key again that another request has deleted', async () => {
    const { show } = await race(create(), {
      first: (session) => delete session.old,
      second(session) {
        session.old = 2
      },
    })
    expect(await show()).toEqual({ user: 'ada', old: 2 })
  })

  it('keeps a deletion of a key that it has not changed', async () => {
    const { show } = await race(create(), {
      first: (session) => delete session.old,
      second(session) {
        session.new = 2
      },
    })
    expect(await show()).toEqual({ user: 'ada', new: 2 })
  })

  it('keeps keys that were added while a request replaces the whole session', async () => {
    const { show } = await race(create(), {
      first(session) {
        session.new = 1
      },
      second(_session, req) {
        req.session = { fresh: true } as never
      },
    })
    expect(await show()).toEqual({ new: 1, fresh: true })
  })

  it('merges the configured lifetime of the cookie', async () => {
    const store = create()
    const { visit, cookie } = await race(store, {
      first(_session, req) {
        req.session.cookie.maxAge = 3_600_000
      },
      second(session) {
        session.new = 2
      },
    })
    expect(Number((await visit('lifetime', cookie)).text)).toBe(3_600_000)
  })

  it('counts changes from the last save of the same request', async () => {
    const { show } = await race(create(), {
      async first(session) {
        session.a = 1
      },
      async second(session, req) {
        session.b = 1
        await req.session.save()
        expect(session.a).toBeUndefined()
        session.b = 2
        await req.session.save()
        session.c = 3
      },
    })
    expect(await show()).toEqual({ user: 'ada', old: 1, a: 1, b: 2, c: 3 })
  })

  it('counts changes from a reload', async () => {
    const { show } = await race(create(), {
      first(session) {
        session.a = 1
      },
      async second(session, req) {
        session.dropped = 1
        await req.session.reload()
        const reloaded = dataOf(req.session)
        expect(reloaded.a).toBe(1)
        reloaded.a = 2
      },
    })
    expect(await show()).toEqual({ user: 'ada', old: 1, a: 2 })
  })

  it('saves a new session, and merges what is set after an explicit save', async () => {
    const begin: Layer = async (req, res) => {
      dataOf(req.session).a = 1
      await req.session.save()
      dataOf(req.session).b = 2
      res.end()
    }
    const { visit } = await startMergeApp({ begin, show: showSession }, { store: create() })
    const { cookie } = await visit('begin')
    expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ a: 1, b: 2 })
  })

  it('saves what a stream changes before and after its headers', async () => {
    const { show } = await race(create(), {
      first(session) {
        session.other = 1
      },
      async second(session, _req, res) {
        session.early = 1
        res.write('a')
        await new Promise((resolve) => setImmediate(resolve))
        session.late = 2
      },
    })
    expect(await show()).toEqual({ user: 'ada', old: 1, other: 1, early: 1, late: 2 })
  })

  it('saves a regenerated session, and does not bring the old one back', async () => {
    const { visit, cookie, answers } = await race(create(), {
      async first(_session, req) {
        await req.session.regenerate()
        dataOf(req.session).fresh = true
      },
      second(session) {
        session.late = 1
      },
    })
    const fresh = answers[0]?.cookie
    expect(JSON.parse((await visit('show', fresh)).text)).toEqual({ fresh: true })
    expect((await visit('show', cookie)).text).toBe('{}')
  })

  it('does not bring back a session that was destroyed, and sends no cookie for it', async () => {
    const { visit, cookie, answers } = await race(
      create(),
      {
        first: (_session, req) => req.session.destroy(),
        second(session) {
          session.late = 1
        },
      },
      { rolling: true },
    )
    expect(answers[1]).toMatchObject({ status: 200, line: undefined })
    expect((await visit('show', cookie)).text).toBe('{}')
  })

  it('answers save() with ERR_SESSION_GONE if another request has ended the session', async () => {
    let error: unknown
    await race(create(), {
      first: (_session, req) => req.session.destroy(),
      async second(session, req) {
        session.late = 1
        error = await req.session.save().then(
          () => undefined,
          (err: unknown) => err,
        )
      },
    })
    expect(error).toMatchObject({ code: 'ERR_SESSION_GONE' })
  })

  it('does not write a session whose record is gone, and sends no cookie for it', async () => {
    const store = create()
    const { visit, cookie, answers, errors } = await race(
      store,
      {
        first: (_session, req) => remove(store, req.sessionID),
        second(session) {
          session.late = 1
        },
      },
      { rolling: true, cookie: { maxAge: 60_000 } },
    )
    expect(answers[1]).toMatchObject({ status: 200, line: undefined })
    expect(errors).toEqual([])
    expect((await visit('show', cookie)).text).toBe('{}')
  })
})

describe('express-session', () => {
  it('loses 199 of 200 keys of requests at once', async () => {
    const barrier = createBarrier(200)
    const add: Layer = async (req, res) => {
      dataOf(req.session)[parameter(req.url, 'key')] = true
      await barrier()
      res.end()
    }
    const { visit } = await startMergeApp(
      { logIn, add, show: showSession },
      { session: upstream as never, options: {}, store: new upstream.MemoryStore() },
    )
    const { cookie } = await visit('logIn')
    await Promise.all(Array.from({ length: 200 }, (_, i) => visit(`add?key=k${i}`, cookie)))
    const data = JSON.parse((await visit('show', cookie)).text)
    expect(Object.keys(data)).toHaveLength(3)
  })
})

/** Removes a record as another process does, without a call of the store's methods. */
function remove(store: object, sid: string): void {
  const { entries, records } = store as { entries?: Map<string, unknown>; records?: Map<string, unknown> }
  if (store instanceof ours.MemoryStore)
    delete (store as { sessions?: Record<string, string> }).sessions?.[sid]
  else (entries ?? records)?.delete(sid)
}

type Change = (session: Data, req: Parameters<Layer>[0], res: Parameters<Layer>[1]) => unknown

/** Lets a second request change the session after a first one has ended that began when it had begun. */
async function race(store: object, changes: { first: Change; second: Change }, options = {}) {
  const gate = createGate()
  const both = createBarrier(2)
  const routes: Record<string, Layer> = {
    logIn,
    show: showSession,
    lifetime: (req, res) => void res.end(String(req.session.cookie.originalMaxAge)),
    async first(req, res) {
      const session = dataOf(req.session)
      await both()
      await changes.first(session, req, res)
      res.end()
    },
    async second(req, res) {
      const session = dataOf(req.session)
      await both()
      await new Promise<void>((resolve) => gate.enter(resolve))
      await changes.second(session, req, res)
      res.end()
    },
  }
  const app = await startMergeApp(routes, { store, options: { ...MERGE, ...options } })
  const { cookie } = await app.visit('logIn')
  const second = app.visit('second', cookie)
  const first = await app.visit('first', cookie)
  gate.open()
  const answers = [first, await second]
  const show = async () => JSON.parse((await app.visit('show', cookie)).text)
  return { ...app, cookie, answers, show }
}
