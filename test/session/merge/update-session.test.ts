import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { updateSession } from '../../../src'
import { ReferenceStore } from '../../store-suite/reference-store'
import type { Layer, Req } from '../../support/app'
import { createGate } from '../../support/gate'
import { upstream } from '../../support/implementations'
import { createStore } from '../../support/store'
import { createBarrier, KINDS, MERGE, showSession, startMergeApp } from './merge-app'

type Data = Record<string, unknown>
const dataOf = (session: object) => session as Data

const logIn: Layer = (req, res) => {
  req.session.views = 0
  res.end()
}

const count = (req: Req) =>
  updateSession(req, (draft) => {
    const data = dataOf(draft)
    data.views = Number(data.views ?? 0) + 1
    return data.views
  })

const modes: [mode: string, options: object, count: number][] = [
  ["saveMode 'merge'", MERGE, 1000],
  ["saveMode 'overwrite'", {}, 200],
]

describe.each(KINDS)('updateSession on %s', (kind, create) => {
  const isPlain = kind === 'a plain store'

  describe.each(modes)('with %s', (_mode, options, total) => {
    const isMerging = options === MERGE
    const start = (routes: Record<string, Layer>) =>
      startMergeApp({ logIn, show: showSession, ...routes }, { store: create(), options })

    it(`loses none of ${total} increments at once`, async () => {
      const barrier = createBarrier(total)
      const { visit } = await start({
        async count(req, res) {
          await barrier()
          res.end(String(await count(req)))
        },
      })
      const { cookie } = await visit('logIn')
      const answers = await Promise.all(Array.from({ length: total }, () => visit('count', cookie)))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(total)
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ views: total })
    })

    it('puts the data into the same session object, and returns what the function returns', async () => {
      const { visit } = await start({
        async change(req, res) {
          const { session } = req
          const result = await updateSession(req, async (draft) => {
            await null
            dataOf(draft).user = 'ada'
            delete dataOf(draft).views
            return 'done'
          })
          res.end(JSON.stringify([result, req.session === session, dataOf(session).user, 'views' in session]))
        },
      })
      const { cookie } = await visit('logIn')
      expect((await visit('change', cookie)).text).toBe('["done",true,"ada",false]')
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ user: 'ada' })
    })

    it('takes along what the request has changed before, and what others have saved', async () => {
      const gate = createGate()
      const { visit } = await start({
        async slow(req, res) {
          dataOf(req.session).before = 1
          await new Promise<void>((resolve) => gate.enter(resolve))
          await count(req)
          dataOf(req.session).after = 1
          res.end()
        },
        async fast(req, res) {
          dataOf(req.session).other = 1
          await count(req)
          res.end()
        },
      })
      const { cookie } = await visit('logIn')
      const slow = visit('slow', cookie)
      await gate.entered
      await visit('fast', cookie)
      gate.open()
      await slow
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({
        views: 2,
        before: 1,
        other: 1,
        after: 1,
      })
    })

    it('keeps what the request changes while the function runs', async () => {
      const { visit } = await start({
        async change(req, res) {
          const updated = updateSession(req, async (draft) => {
            await new Promise((resolve) => setImmediate(resolve))
            dataOf(draft).a = 1
          })
          await null
          dataOf(req.session).b = 2
          await updated
          res.end(JSON.stringify(req.session))
        },
      })
      const { cookie } = await visit('logIn')
      expect(JSON.parse((await visit('change', cookie)).text)).toMatchObject({ a: 1, b: 2 })
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ views: 0, a: 1, b: 2 })
    })

    it.each<[what: string, change: (draft: object) => unknown]>([
      [
        'throws',
        (draft) => {
          Object.assign(draft, { broken: true })
          throw new Error('no')
        },
      ],
      [
        'rejects',
        async (draft) => {
          Object.assign(draft, { broken: true })
          throw new Error('no')
        },
      ],
      ['replaces the cookie by a text', (draft) => void Object.assign(draft, { broken: true, cookie: 'no' })],
      ['leaves a value that JSON cannot hold', (draft) => void Object.assign(draft, { broken: 1n })],
    ])('changes nothing if the function %s', async (_what, change) => {
      const { visit } = await start({
        async change(req, res) {
          dataOf(req.session).mine = 1
          const error = await updateSession(req, change).catch((err: Error) => err)
          res.end(JSON.stringify([error instanceof Error, req.session]))
        },
      })
      const { cookie } = await visit('logIn')
      const [isError, session] = JSON.parse((await visit('change', cookie)).text)
      expect([isError, 'broken' in session]).toEqual([true, false])
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ views: 0, mine: 1 })
    })

    it('makes a new session', async () => {
      const { visit } = await start({
        async count(req, res) {
          await count(req)
          res.end(String(await count(req)))
        },
      })
      const { text, cookie } = await visit('count')
      expect(text).toBe('2')
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ views: 2 })
    })

    it('makes no new session after the headers were sent', async () => {
      let code: unknown
      const { visit } = await start({
        async stream(req, res) {
          res.write('a')
          code = await count(req).catch((err: { code?: string }) => err.code)
          res.end()
        },
      })
      await visit('stream')
      expect(code).toBe('ERR_SESSION_HEADERS_SENT')
    })

    it('changes a session after the headers were sent', async () => {
      const { visit } = await start({
        async stream(req, res) {
          res.write('a')
          res.end(String(await count(req)))
        },
      })
      const { cookie } = await visit('logIn')
      expect((await visit('stream', cookie)).text).toBe('a1')
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ views: 1 })
    })

    it('refuses a nested call for the same session', async () => {
      const { visit } = await start({
        async nested(req, res) {
          const code = await updateSession(req, () => count(req)).catch((err: { code?: string }) => err.code)
          res.end(String(code))
        },
        async outlived(req, res) {
          let later: Promise<unknown> | undefined
          await updateSession(req, () => {
            later = new Promise((resolve) => setTimeout(resolve, 5)).then(() => count(req))
          })
          await later
          res.end('done')
        },
      })
      const { cookie } = await visit('logIn')
      expect((await visit('nested', cookie)).text).toBe('ERR_SESSION_NESTED_UPDATE')
      expect((await visit('outlived', cookie)).text).toBe('done')
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ views: 1 })
    })

    it('rejects with ERR_SESSION_GONE if the session was ended', async () => {
      const gate = createGate()
      let code: unknown
      const { visit } = await start({
        async slow(req, res) {
          await new Promise<void>((resolve) => gate.enter(resolve))
          code = await count(req).catch((err: { code?: string }) => err.code)
          res.end()
        },
        async destroy(req, res) {
          await req.session.destroy()
          code = await count(req).catch((err: { code?: string }) => err.code)
          res.end(String(code))
        },
      })
      const { cookie } = await visit('logIn')
      const slow = visit('slow', cookie)
      await gate.entered
      expect((await visit('destroy', cookie)).text).toBe('ERR_SESSION_GONE')
      gate.open()
      await slow
      expect(code).toBe('ERR_SESSION_GONE')
      expect((await visit('show', cookie)).text).toBe('{}')
    })

    it('loses no update of a request that does two at once while another request updates too', async () => {
      const begun = createSignal()
      const counting = createSignal()
      const open = createSignal()
      const { visit } = await start({
        async two(req, res) {
          const first = updateSession(req, async (draft) => {
            begun.give()
            await open.given
            dataOf(draft).views = Number(dataOf(draft).views) + 1
          })
          await begun.given
          // On a plain store the others wait for the first one.
          if (!isPlain) await count(req)
          const other = visit('count', req.headers.cookie)
          await (isPlain ? counting.given : other)
          const second = isPlain ? count(req) : undefined
          open.give()
          await Promise.all([first, second, other])
          res.end()
        },
        async count(req, res) {
          const counted = count(req)
          counting.give()
          await counted
          res.end()
        },
      })
      const { cookie } = await visit('logIn')
      await visit('two', cookie)
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ views: 3 })
    })

    it('keeps the object that the request assigns while the function runs', async () => {
      const { visit } = await start({
        async assign(req, res) {
          const counted = updateSession(req, async (draft) => {
            await null
            dataOf(draft).views = 1
          })
          req.session = { assigned: 1 } as never
          await counted
          res.end(JSON.stringify(req.session))
        },
      })
      const { cookie } = await visit('logIn')
      expect(JSON.parse((await visit('assign', cookie)).text)).toMatchObject({ assigned: 1 })
      expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ assigned: 1 })
    })

    it('loses no update of others if the session is read again while the function runs', async () => {
      const { visit } = await start({
        async reload(req, res) {
          const reloaded = createSignal()
          const counted = updateSession(req, async (draft) => {
            await reloaded.given
            dataOf(draft).views = Number(dataOf(draft).views) + 1
          })
          await req.session.reload()
          reloaded.give()
          await counted
          await visit('count', req.headers.cookie)
          if (isMerging) dataOf(req.session).key = 1
          res.end(String(dataOf(req.session).views))
        },
        async count(req, res) {
          await count(req)
          res.end()
        },
      })
      const { cookie } = await visit('logIn')
      expect((await visit('reload', cookie)).text).toBe('1')
      expect(JSON.parse((await visit('show', cookie)).text)).toMatchObject({ views: 2 })
    })

    it('changes the lifetime of the cookie', async () => {
      const { visit } = await start({
        async remember(req, res) {
          await updateSession(req, (draft) => {
            draft.cookie.maxAge = 3_600_000
          })
          res.end(String(req.session.cookie.originalMaxAge))
        },
        lifetime: (req, res) => void res.end(String(req.session.cookie.originalMaxAge)),
      })
      const { cookie } = await visit('logIn')
      const { text, line } = await visit('remember', cookie)
      expect([text, line?.includes('Expires=')]).toEqual(['3600000', true])
      expect((await visit('lifetime', cookie)).text).toBe('3600000')
    })
  })
})

describe('updateSession', () => {
  it('runs the function again if another request was faster, and gives up after 20 times', async () => {
    const { visit, outcomes } = await startNested((req) => {
      dataOf(req.session).other = Math.random()
    })
    const { cookie } = await visit('logIn')
    expect((await visit('outer', cookie)).text).toBe('ERR_SESSION_CONFLICT')
    expect(outcomes.runs).toBe(20)
    expect((await visit('twice', cookie)).text).toBe('done')
    expect(JSON.parse((await visit('show', cookie)).text)).toMatchObject({ twice: 2 })
  })

  it.each(KINDS)(
    'keeps its change if the request saves while the function runs, on %s',
    async (_kind, create) => {
      const begun = createSignal()
      const open = createSignal()
      const { visit } = await startMergeApp(
        {
          logIn,
          show: showSession,
          async change(req, res) {
            const updated = updateSession(req, async (draft) => {
              begun.give()
              await open.given
              dataOf(draft).views = 1
            })
            await begun.given
            dataOf(req.session).key = 1
            const saved = req.session.save()
            open.give()
            await Promise.all([updated, saved])
            res.end((await visit('show', req.headers.cookie)).text)
          },
        },
        { store: create() },
      )
      const { cookie } = await visit('logIn')
      expect(JSON.parse((await visit('change', cookie)).text)).toEqual({ views: 1, key: 1 })
    },
  )

  it('does all updates of one request at once, on a new session too', async () => {
    const { visit } = await startMergeApp(
      {
        async three(req, res) {
          await Promise.all([1, 2, 3].map(() => count(req)))
          res.end(JSON.stringify(dataOf(req.session)))
        },
      },
      { store: new ReferenceStore(), options: {} },
    )
    const { text } = await visit('three')
    expect(JSON.parse(text)).toMatchObject({ views: 3 })
  })

  it('ends if the function asks the own server to update the same session', async () => {
    const { visit } = await startNested((req) => count(req))
    const { cookie } = await visit('logIn')
    expect((await visit('outer', cookie)).text).toBe('ERR_SESSION_CONFLICT')
    expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ views: 20 })
  })

  it('ends on a plain store when the function has taken too long, and others wait', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { visit } = await startNested((req) => count(req), createStore())
    const { cookie } = await visit('logIn')
    const outer = visit('outer', cookie)
    let isOver = false
    void outer.then(() => {
      isOver = true
    })
    while (!isOver) {
      vi.advanceTimersByTime(1000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await outer).text).toBe('ERR_SESSION_CONFLICT')
  })

  it('rejects with a TypeError for a request without a session, and for no function', async () => {
    await expect(updateSession({}, () => {})).rejects.toThrow(
      new TypeError(
        'updateSession() needs a request that the session middleware has handled: explainSession(req).line says why it has not',
      ),
    )
  })
})

/** Starts an app whose update asks its own server, with the same cookie, for other work. */
async function startNested(work: (req: Req) => unknown, store?: object) {
  const outcomes = { runs: 0 }
  const app = await startMergeApp(
    {
      logIn,
      show: showSession,
      async other(req, res) {
        await work(req)
        res.end()
      },
      async outer(req, res) {
        const result = await updateSession(req, async (draft) => {
          dataOf(draft).outer = ++outcomes.runs
          await app.visit('other', req.headers.cookie)
          return 'done'
        }).catch((err: { code?: string }) => String(err.code))
        res.end(result)
      },
      async twice(req, res) {
        let runs = 0
        const result = await updateSession(req, async (draft) => {
          dataOf(draft).twice = ++runs
          if (runs === 1) await app.visit('other', req.headers.cookie)
          return 'done'
        })
        res.end(result)
      },
    },
    { store },
  )
  return { ...app, outcomes }
}

describe('express-session', () => {
  it('loses 999 of 1,000 increments at once', async () => {
    const barrier = createBarrier(1000)
    const { visit } = await startMergeApp(
      {
        logIn,
        show: showSession,
        async count(req, res) {
          const views = Number(req.session.views)
          await barrier()
          req.session.views = views + 1
          res.end()
        },
      },
      { session: upstream as never, options: {}, store: new upstream.MemoryStore() },
    )
    const { cookie } = await visit('logIn')
    await Promise.all(Array.from({ length: 1000 }, () => visit('count', cookie)))
    expect(JSON.parse((await visit('show', cookie)).text).views).toBe(1)
  })
})

/** A promise that is kept when `give` is called. */
function createSignal() {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}
