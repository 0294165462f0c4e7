import { describe, expect, it, vi } from 'vitest'
import { updateSession } from '../../../src'
import type { Layer } from '../../support/app'
import { createGate } from '../../support/gate'
import { ours } from '../../support/implementations'
import { createStore } from '../../support/store'
import { KINDS, MERGE, showSession, startMergeApp } from './merge-app'

type Data = Record<string, unknown>
const dataOf = (session: object) => session as Data

const logIn: Layer = (req, res) => {
  Object.assign(req.session, { user: 'ada', cart: [1] })
  res.end()
}

describe.each(KINDS)("regenerate({ keep }) with saveMode 'merge' on %s", (_kind, create) => {
  /** Starts two requests of a session, of which `renew` ends first. Both change the session before and after. */
  async function race(keep: true | string[]) {
    const [renewing, working, adding] = [createGate(), createGate(), createGate()]
    const app = await startMergeApp(
      {
        logIn,
        show: showSession,
        async renew(req, res) {
          dataOf(req.session).before = 1
          await new Promise<void>((resolve) => renewing.enter(resolve))
          await req.session.regenerate({ keep })
          dataOf(req.session).after = 1
          res.end()
        },
        async work(req, res) {
          dataOf(req.session).late = 1
          await new Promise<void>((resolve) => working.enter(resolve))
          res.end()
        },
        async add(req, res) {
          dataOf(req.session).added = 1
          await new Promise<void>((resolve) => adding.enter(resolve))
          res.end()
        },
        count: async (req, res) => {
          await updateSession(req, (draft) => void Object.assign(draft, { counted: 1 }))
          res.end()
        },
      },
      { store: create(), options: MERGE },
    )
    const { cookie } = await app.visit('logIn')
    const [renew, work] = [app.visit('renew', cookie), app.visit('work', cookie)]
    await Promise.all([renewing.entered, working.entered])
    renewing.open()
    const { cookie: next } = await renew
    const add = app.visit('add', next)
    await adding.entered
    await app.visit('count', next)
    adding.open()
    await add
    working.open()
    const late = await work
    const show = async (of: string | undefined) => JSON.parse((await app.visit('show', of)).text)
    return { old: await show(cookie), renewed: await show(next), late, isNew: next !== cookie }
  }

  it('keeps the data and what later requests of the new id add, and does not bring the old id back', async () => {
    const { old, renewed, late, isNew } = await race(true)
    expect([isNew, old]).toEqual([true, {}])
    expect(renewed).toEqual({ user: 'ada', cart: [1], before: 1, after: 1, added: 1, counted: 1 })
    expect(late).toMatchObject({ status: 200, line: undefined })
  })

  it('keeps the keys that it names', async () => {
    const { renewed } = await race(['cart'])
    expect(renewed).toEqual({ cart: [1], after: 1, added: 1, counted: 1 })
  })
})

describe.each(KINDS)("regenerate({ keep: true }) with saveMode 'merge' on %s", (_kind, create) => {
  it('keeps what other requests have changed since the session was loaded', async () => {
    const gate = createGate()
    let isDate: unknown
    const { visit } = await startMergeApp(
      {
        logIn,
        show: showSession,
        async renew(req, res) {
          dataOf(req.session).when = new Date(0)
          await new Promise<void>((resolve) => gate.enter(resolve))
          await req.session.regenerate({ keep: true })
          isDate = dataOf(req.session).when instanceof Date
          res.end()
        },
        change(req, res) {
          delete dataOf(req.session).cart
          dataOf(req.session).added = 1
          req.session.cookie.maxAge = 60_000
          res.end()
        },
      },
      { store: create(), options: MERGE },
    )
    const { cookie } = await visit('logIn')
    const renew = visit('renew', cookie)
    await gate.entered
    await visit('change', cookie)
    gate.open()
    const { cookie: next, line } = await renew
    expect(JSON.parse((await visit('show', next)).text)).toEqual({
      user: 'ada',
      added: 1,
      when: new Date(0).toJSON(),
    })
    expect([isDate, line?.includes('Expires=')]).toEqual([true, true])
  })
})

describe('a session that a MemoryStore has removed because of its option max', () => {
  const works: [what: string, work: Layer, code: string | undefined][] = [
    ['the end of the response', () => {}, undefined],
    ['save()', (req) => req.session.save(), 'ERR_SESSION_GONE'],
    ['updateSession', (req) => updateSession(req, () => {}), 'ERR_SESSION_GONE'],
    ['regenerate({ keep })', (req) => req.session.regenerate({ keep: true }), 'ERR_SESSION_GONE'],
  ]

  it.each(works)('is not written again, and its cookie is not sent, at %s', async (_what, work, code) => {
    const gate = createGate()
    let error: unknown
    const store = new ours.MemoryStore({ max: 2 })
    const { visit } = await startMergeApp(
      {
        logIn,
        show: showSession,
        async slow(req, res) {
          dataOf(req.session).late = true
          await new Promise<void>((resolve) => gate.enter(resolve))
          await Promise.resolve(work(req, res, () => {})).catch((err: unknown) => {
            error = err
          })
          res.end()
        },
      },
      { store, options: { ...MERGE, rolling: true } },
    )
    const { cookie } = await visit('logIn')
    const slow = visit('slow', cookie)
    await gate.entered
    const others = [await visit('logIn'), await visit('logIn')]
    gate.open()
    expect(await slow).toMatchObject({ status: 200, line: undefined })
    expect((error as { code?: string } | undefined)?.code).toBe(code)
    expect((await visit('show', cookie)).text).toBe('{}')
    for (const other of others) expect((await visit('show', other.cookie)).text).toContain('ada')
  })
})

it('a regenerate({ keep }) that fails does not make the next save write again what was saved before', async () => {
  const gate = createGate()
  const store = createStore()
  const { visit } = await startMergeApp(
    {
      logIn,
      show: showSession,
      async renew(req, res) {
        dataOf(req.session).user = 'bob'
        await req.session.save()
        await new Promise<void>((resolve) => gate.enter(resolve))
        vi.spyOn(store, 'set').mockImplementationOnce((_sid, _session, done) =>
          done?.(new Error('disk full')),
        )
        await expect(req.session.regenerate({ keep: true })).rejects.toThrow('disk full')
        dataOf(req.session).own = 1
        res.end()
      },
      change(req, res) {
        dataOf(req.session).user = 'eve'
        res.end()
      },
    },
    { store },
  )
  const { cookie } = await visit('logIn')
  const renew = visit('renew', cookie)
  await gate.entered
  await visit('change', cookie)
  gate.open()
  await renew
  expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ user: 'eve', cart: [1], own: 1 })
})
