import { afterEach, describe, expect, it, vi } from 'vitest'
import { type SessionOptions, updateSession } from '../../../src'
import type { Layer } from '../../support/app'
import { sidOfCookie } from '../../support/cookies'
import { createGate } from '../../support/gate'
import { lifetimeStores } from '../../support/lifetime-stores'
import { createStore } from '../../support/store'
import { MERGE, showSession, startMergeApp } from './merge-app'

const ABSOLUTE = 3_600_000

type Data = Record<string, unknown>
const dataOf = (session: object) => session as Data

const logIn: Layer = (req, res) => {
  req.session.user = 'ada'
  res.end()
}

afterEach(() => void vi.useRealTimers())

describe.each(lifetimeStores)("absoluteTimeout with saveMode 'merge' on $name", ({ create }) => {
  const works: [what: string, work: Layer][] = [
    ['the end of the response', () => {}],
    ['save()', (req) => req.session.save()],
    ['updateSession', (req) => updateSession(req, (draft) => void Object.assign(draft, { more: true }))],
  ]

  it.each(works)('refuses a record that has ended while the handler ran, at %s', async (what, work) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const gate = createGate()
    let error: unknown
    const slow: Layer = async (req, res) => {
      dataOf(req.session).late = true
      await new Promise<void>((resolve) => gate.enter(resolve))
      await Promise.resolve(work(req, res, () => {})).catch((err: unknown) => {
        error = err
      })
      res.end()
    }
    const options = { ...MERGE, absoluteTimeout: ABSOLUTE }
    const store = create()
    const { visit } = await startMergeApp({ logIn, slow, show: showSession }, { store, options })
    const { cookie } = await visit('logIn')
    const answer = visit('slow', cookie)
    await gate.entered
    vi.setSystemTime(Date.now() + ABSOLUTE)
    gate.open()
    expect(await answer).toMatchObject({ status: 200, line: undefined })
    if (what !== 'the end of the response') expect(error).toMatchObject({ code: 'ERR_SESSION_GONE' })
    expect(store.record(sidOfCookie(cookie as string))).toBeUndefined()
    expect((await visit('show', cookie)).text).toBe('{}')
  })
})

describe('updateSession on a plain store', () => {
  const limits: [what: string, options: Partial<SessionOptions>, limit: number][] = [
    ['30 seconds without storeTimeout', {}, 30_000],
    ['storeTimeout', { storeTimeout: 5000 }, 5000],
    ['30 seconds with a longer storeTimeout', { storeTimeout: 60_000 }, 30_000],
  ]

  it.each(limits)('holds the other writes up for %s at most', async (_what, more, limit) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const gate = createGate()
    let noteEnd = () => {}
    const ended = new Promise<void>((resolve) => {
      noteEnd = resolve
    })
    const { visit } = await startMergeApp(
      {
        logIn,
        show: showSession,
        async hang(req, res) {
          const code = await updateSession(req, async (draft) => {
            dataOf(draft).hung = true
            await new Promise<void>((resolve) => gate.enter(resolve))
          }).catch((err: { code?: string }) => err.code)
          res.end(code)
        },
        change(req, res) {
          dataOf(req.session).changed = true
          res.end()
          noteEnd()
        },
      },
      { store: createStore(), options: { ...MERGE, ...more } },
    )
    const { cookie } = await visit('logIn')
    const hanging = visit('hang', cookie)
    await gate.entered
    let isSaved = false
    const changing = visit('change', cookie).then(() => {
      isSaved = true
    })
    await ended
    vi.advanceTimersByTime(limit - 1)
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(isSaved).toBe(false)
    vi.advanceTimersByTime(1)
    await changing
    gate.open()
    expect((await hanging).text).toBe('ERR_SESSION_CONFLICT')
    expect(JSON.parse((await visit('show', cookie)).text)).toEqual({ user: 'ada', changed: true })
  })
})
