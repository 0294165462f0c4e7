import { describe, expect, it, vi } from 'vitest'
import type { IdCodec } from '../../../src/cookie/id-codec'
import { resolveOptions } from '../../../src/options/resolve-options'
import type { SessionOptions } from '../../../src/options/session-options'
import { Committer } from '../../../src/request/commit'
import { OWNER, type SessionRequest } from '../../../src/session/attach'
import { RequestSession } from '../../../src/session/request-session'
import type { Session } from '../../../src/session/session'
import { guardedStore } from '../../../src/store-guard/guarded-store'
import { MemoryStore } from '../../../src/stores/memory/memory-store'
import type { Commit } from '../../../src/types'
import { record, recordFor } from '../../support/records'
import { SETTINGS } from '../../support/settings'
import { createStore } from '../../support/store'

const change = (req: SessionRequest) => Object.assign(req.session as Session, { user: 'bob' })
const remove = (req: SessionRequest) => Object.assign(req, { session: null })
const secureRecord = { cookie: { originalMaxAge: null, secure: true } }
const storeBigInt = (req: SessionRequest) => Object.assign(req.session as Session, { user: 1n })

describe('onEnd', () => {
  it.each<[string, (req: SessionRequest) => unknown, string[]]>([
    ['saves a changed session', change, ['set a']],
    ['touches a session that was read', (req) => req.session, ['touch a']],
    ['touches a session that was not read', () => {}, ['touch a']],
    ['destroys a removed session', remove, ['destroy a']],
  ])('%s when the returned commit is called', async (_what, work, calls) => {
    const { committer, store, req } = loaded({ unset: 'destroy' })
    work(req)
    const commit = committer.onEnd()
    expect(store.calls).toEqual([])
    await done(commit)
    expect(store.calls).toEqual(calls)
  })

  it('returns no commit when nothing must be written', () => {
    const { committer, store, req } = loaded()
    remove(req)
    expect([committer.onEnd(), store.calls]).toEqual([undefined, []])
  })

  it('saves at once to a store with synchronous methods', () => {
    const store = new MemoryStore({ checkPeriod: 0 })
    const { committer, req } = loadedFrom(store)
    change(req)
    committer.onEnd()
    expect(JSON.parse(store.sessions.a as string)).toMatchObject({ user: 'bob' })
  })

  it("passes the store's error to the callback", async () => {
    const { committer, store, req } = loaded()
    store.fail('set', new Error('full'))
    change(req)
    await expect(done(committer.onEnd())).rejects.toThrow('full')
  })

  it('throws when the session cannot be serialized', () => {
    const { committer, store, req } = loaded()
    storeBigInt(req)
    expect(() => committer.onEnd()).toThrow(/BigInt/)
    expect(store.calls).toEqual([])
  })
})

describe('onStream', () => {
  it('saves a changed session, and onEnd waits for it and saves later changes', async () => {
    const { committer, store, req } = loaded()
    const writing = store.hold('set')
    change(req)
    const streaming = done((saved) => committer.onStream(saved))
    Object.assign(req.session as Session, { user: 'later' })
    const ended = done(committer.onEnd())
    expect(store.calls).toEqual(['set a'])
    writing.release()
    await Promise.all([streaming, ended])
    expect([store.calls, store.record('a').user]).toEqual([['set a', 'set a'], 'later'])
  })

  it('does not touch the session, which onEnd does', async () => {
    const { committer, store } = loaded()
    await done((saved) => committer.onStream(saved))
    expect(store.calls).toEqual([])
    await done(committer.onEnd())
    expect(store.calls).toEqual(['touch a'])
  })

  it('passes on an error, and later changes are saved nevertheless', async () => {
    const { committer, store, req } = loaded()
    storeBigInt(req)
    await expect(done((saved) => committer.onStream(saved))).rejects.toThrow(/BigInt/)
    change(req)
    await done(committer.onEnd())
    expect(store.calls).toEqual(['set a'])
  })
})

describe('onDisconnect', () => {
  it.each<[string, Partial<SessionOptions>, boolean, string[]]>([
    ['an unchanged session', {}, false, []],
    ['an unchanged session with resave', { resave: true }, false, []],
    ['a changed session', {}, true, ['set a']],
    ['a changed session with resave', { resave: true }, true, ['set a']],
  ])('for %s, %j, changed: %s, calls %j', async (_what, options, isChanged, calls) => {
    const { committer, store, req } = loaded(options)
    if (isChanged) change(req)
    await done((saved) => committer.onDisconnect(saved))
    expect(store.calls).toEqual(calls)
  })
})

describe('onHeaders', () => {
  it.each<[string, Partial<SessionOptions>, (req: SessionRequest) => unknown, boolean]>([
    ['a changed session', {}, change, true],
    ['an unchanged session', {}, (req) => req.session, false],
    ['an unchanged session with resave', { resave: true }, (req) => req.session, false],
    ['a removed session', {}, remove, false],
    ['a session that cannot be JSON', {}, storeBigInt, false],
  ])('lets the bytes of %s wait: %j', (_what, options, work, mustWait) => {
    const { committer, req } = loaded(options)
    work(req)
    expect(committer.onHeaders()).toBe(mustWait)
  })

  it.each([
    [{ rolling: true }, 1],
    [{ rolling: false }, 0],
  ])('sets the cookie as the options require: %j', (options, count) => {
    const { committer, cookies } = loaded(options)
    committer.onHeaders()
    expect(cookies()).toHaveLength(count)
  })

  it('sets the cookie for the session as it was at onEnd', async () => {
    const { committer, req, cookies } = loaded({}, { ...recordFor(60_000), user: 'ada' })
    change(req)
    await done(committer.onEnd())
    Object.assign(req.session as Session, { user: 'ada' })
    committer.onHeaders()
    expect(cookies()).toEqual([expect.stringMatching(/^connect\.sid=s%3Aa\..*Expires=/)])
  })

  it('sets no cookie for a session that was removed after onEnd', async () => {
    const { committer, req, cookies } = loaded({ rolling: true })
    await done(committer.onEnd())
    remove(req)
    committer.onHeaders()
    expect(cookies()).toEqual([])
  })

  it('sets no cookie when the session cannot be serialized', () => {
    const { committer, req, cookies } = loaded({ rolling: true })
    storeBigInt(req)
    committer.onHeaders()
    expect(cookies()).toEqual([])
  })

  it('sets no cookie after an error was reported', () => {
    const { committer, req, cookies } = loaded({ rolling: true })
    storeBigInt(req)
    expect(() => committer.onEnd()).toThrow(/BigInt/)
    change(req)
    committer.onHeaders()
    expect(cookies()).toEqual([])
  })

  it('adds the cookie to other Set-Cookie headers', () => {
    const { committer, res, cookies } = loaded({ rolling: true })
    res.headers['Set-Cookie'] = 'theirs=1'
    committer.onHeaders()
    expect(cookies()).toEqual(['theirs=1', expect.stringMatching(/^connect\.sid=/)])
  })

  it('sets no secure cookie on an insecure connection', () => {
    const { committer, cookies } = loaded({ rolling: true, cookie: { secure: true } }, secureRecord)
    committer.onHeaders()
    expect(cookies()).toEqual([])
  })
})

/** Returns the committer of a request that loaded the session 'a'. */
function loaded(options: Partial<SessionOptions> = {}, stored: object = record({ user: 'ada' })) {
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
  const req = { headers: {}, socket: {}, sessionStore: store } as unknown as SessionRequest
  const owner = new RequestSession(settings, guardedStore(store), req, settings.cookieFor(req))
  req[OWNER] = owner
  owner.identify({ id: 'a', text: undefined })
  owner.load(stored as never, undefined)
  const res = createResponse()
  const next = vi.fn()
  const committer = new Committer(owner, settings, settings.codecFor(req) as IdCodec, res as never, next)
  return { req, res, next, owner, committer, cookies: () => [res.headers['Set-Cookie'] ?? []].flat() }
}

function createResponse() {
  const headers: Record<string, unknown> = {}
  return {
    headers,
    headersSent: true,
    getHeader: (name: string) => headers[name],
    setHeader: (name: string, value: unknown) => Object.assign(headers, { [name]: value }),
  }
}

function done(commit: Commit | undefined) {
  if (!commit) throw new Error('onEnd returned no commit')
  return new Promise<void>((resolve, reject) => commit((err) => (err ? reject(err) : resolve())))
}
