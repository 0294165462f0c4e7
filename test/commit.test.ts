import { describe, expect, it } from 'vitest'
import { Committer } from '../src/commit'
import type { Commit } from '../src/hold-response'
import { MemoryStore } from '../src/memory-store'
import { resolveOptions, type SessionOptions } from '../src/options'
import { OWNER, type SessionRequest } from '../src/request'
import { RequestSession } from '../src/request-session'
import type { Session } from '../src/session'
import { clientOf } from '../src/store-client'
import { record, recordFor } from './support/records'
import { SETTINGS } from './support/settings'
import { createStore } from './support/store'

const change = (req: SessionRequest) => Object.assign(req.session as Session, { user: 'bob' })
const remove = (req: SessionRequest) => Object.assign(req, { session: null })
const spoil = (req: SessionRequest) => Object.assign(req.session as Session, { user: 1n })

describe('atEnd', () => {
  it.each<[string, (req: SessionRequest) => unknown, string[]]>([
    ['saves what was changed', change, ['set a']],
    ['touches what was looked at', (req) => req.session, ['touch a']],
    ['touches what nobody looked at', () => {}, ['touch a']],
    ['destroys what was removed', remove, ['destroy a']],
  ])('%s, once it is let', async (_what, work, calls) => {
    const { committer, store, req } = loaded({ unset: 'destroy' })
    work(req)
    const commit = committer.atEnd()
    expect(store.calls).toEqual([])
    await done(commit)
    expect(store.calls).toEqual(calls)
  })

  it('has nothing to do where nothing may be written', () => {
    const { committer, store, req } = loaded()
    remove(req)
    expect([committer.atEnd(), store.calls]).toEqual([undefined, []])
  })

  it('does at once what a store of this process can', () => {
    const store = new MemoryStore({ checkPeriod: 0 })
    const { committer, req } = loadedFrom(store)
    change(req)
    expect(committer.atEnd()).toBeUndefined()
    expect(JSON.parse(store.sessions.a as string)).toMatchObject({ user: 'bob' })
  })

  it('hands on the error of the store', async () => {
    const { committer, store, req } = loaded()
    store.fail('set', new Error('full'))
    change(req)
    await expect(done(committer.atEnd())).rejects.toThrow('full')
  })

  it('throws where the session is no JSON', () => {
    const { committer, store, req } = loaded()
    spoil(req)
    expect(() => committer.atEnd()).toThrow(/BigInt/)
    expect(store.calls).toEqual([])
  })
})

describe('saveEarly', () => {
  it('saves what was changed, and the end waits for it and saves the rest', async () => {
    const { committer, store, req } = loaded()
    const writing = store.hold('set')
    change(req)
    committer.saveEarly(() => {})
    Object.assign(req.session as Session, { user: 'later' })
    const ended = done(committer.atEnd())
    expect(store.calls).toEqual(['set a'])
    writing.release()
    await ended
    expect([store.calls, store.record('a').user]).toEqual([['set a', 'set a'], 'later'])
  })

  it('leaves to the end what is no save', async () => {
    const { committer, store } = loaded()
    committer.saveEarly(() => {})
    expect(store.calls).toEqual([])
    await done(committer.atEnd())
    expect(store.calls).toEqual(['touch a'])
  })

  it('tells of an error, and of none where there is none', async () => {
    const told: unknown[] = []
    const { committer, req } = loaded()
    spoil(req)
    committer.saveEarly((err) => told.push(err))
    change(req)
    committer.saveEarly((err) => told.push(err))
    await done(committer.atEnd())
    expect(told).toEqual([expect.objectContaining({ message: expect.stringMatching(/BigInt/) })])
  })
})

describe('wantsCookie', () => {
  it.each([
    [{ rolling: true }, true],
    [{ rolling: false }, false],
  ])('goes by the options: %j', (options, answer) => {
    expect(loaded(options).committer.wantsCookie()).toBe(answer)
  })

  it('is decided by what was there at the end', async () => {
    const { committer, req } = loaded({}, recordFor(60_000))
    change(req)
    await done(committer.atEnd())
    remove(req)
    expect(committer.wantsCookie()).toBe(true)
  })

  it('throws where the session is no JSON', () => {
    const { committer, req } = loaded()
    spoil(req)
    expect(() => committer.wantsCookie()).toThrow(/BigInt/)
  })
})

/** The committer of a request that came with the session 'a'. */
function loaded(options: SessionOptions = {}, stored: object = record({ user: 'ada' })) {
  const store = createStore()
  store.put('a', stored)
  return { store, ...loadedFrom(store, options, stored) }
}

function loadedFrom(
  store: MemoryStore | ReturnType<typeof createStore>,
  options = {},
  stored: object = record(),
) {
  const settings = resolveOptions({ ...SETTINGS, store, ...options })
  const req = { headers: {}, sessionStore: store } as unknown as SessionRequest
  const owner = new RequestSession(settings, clientOf(store), req, settings.cookieFor(req))
  req[OWNER] = owner
  req.sessionID = owner.tracker.cookieId = 'a'
  owner.load(stored as never, undefined)
  return { req, committer: new Committer(settings, owner, req) }
}

function done(commit: Commit | undefined) {
  if (!commit) throw new Error('there is nothing to wait for')
  return new Promise<void>((resolve, reject) => commit((err) => (err ? reject(err) : resolve())))
}
