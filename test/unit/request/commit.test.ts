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
const spoil = (req: SessionRequest) => Object.assign(req.session as Session, { user: 1n })

describe('onEnd', () => {
  it.each<[string, (req: SessionRequest) => unknown, string[]]>([
    ['saves what was changed', change, ['set a']],
    ['touches what was looked at', (req) => req.session, ['touch a']],
    ['touches what nobody looked at', () => {}, ['touch a']],
    ['destroys what was removed', remove, ['destroy a']],
  ])('%s, once it is let', async (_what, work, calls) => {
    const { committer, store, req } = loaded({ unset: 'destroy' })
    work(req)
    const commit = committer.onEnd()
    expect(store.calls).toEqual([])
    await done(commit)
    expect(store.calls).toEqual(calls)
  })

  it('has nothing to do where nothing may be written', () => {
    const { committer, store, req } = loaded()
    remove(req)
    expect([committer.onEnd(), store.calls]).toEqual([undefined, []])
  })

  it('does at once what a store of this process can', () => {
    const store = new MemoryStore({ checkPeriod: 0 })
    const { committer, req } = loadedFrom(store)
    change(req)
    expect(committer.onEnd()).toBeUndefined()
    expect(JSON.parse(store.sessions.a as string)).toMatchObject({ user: 'bob' })
  })

  it('hands on the error of the store', async () => {
    const { committer, store, req } = loaded()
    store.fail('set', new Error('full'))
    change(req)
    await expect(done(committer.onEnd())).rejects.toThrow('full')
  })

  it('throws where the session is no JSON', () => {
    const { committer, store, req } = loaded()
    spoil(req)
    expect(() => committer.onEnd()).toThrow(/BigInt/)
    expect(store.calls).toEqual([])
  })
})

describe('onEarly', () => {
  it('saves what was changed, and the end waits for it and saves the rest', async () => {
    const { committer, store, req } = loaded()
    const writing = store.hold('set')
    change(req)
    committer.onEarly()
    Object.assign(req.session as Session, { user: 'later' })
    const ended = done(committer.onEnd())
    expect(store.calls).toEqual(['set a'])
    writing.release()
    await ended
    expect([store.calls, store.record('a').user]).toEqual([['set a', 'set a'], 'later'])
  })

  it('leaves to the end what is no save', async () => {
    const { committer, store } = loaded()
    committer.onEarly()
    expect(store.calls).toEqual([])
    await done(committer.onEnd())
    expect(store.calls).toEqual(['touch a'])
  })

  it('tells of an error once, and nothing is done after it', async () => {
    const { committer, store, req, next } = loaded()
    spoil(req)
    committer.onEarly()
    change(req)
    committer.onEarly()
    await done(committer.onEnd())
    expect(next.mock.calls).toEqual([[expect.objectContaining({ message: expect.stringMatching(/BigInt/) })]])
    expect(store.calls).toEqual([])
  })

  it.each([true, false])('saves a new session only where its cookie is on its way: %s', (headersSent) => {
    const { committer, store, owner, req, res } = loaded()
    res.headersSent = headersSent
    owner.generate()
    change(req)
    committer.onEarly()
    expect(store.calls.length > 0).toBe(headersSent)
  })
})

describe('onHeaders', () => {
  it.each([
    [{ rolling: true }, 1],
    [{ rolling: false }, 0],
  ])('sets the cookie by the options: %j', (options, count) => {
    const { committer, cookies } = loaded(options)
    committer.onHeaders()
    expect(cookies()).toHaveLength(count)
  })

  it('is decided by what was there at the end', async () => {
    const { committer, req, cookies } = loaded({}, { ...recordFor(60_000), user: 'ada' })
    change(req)
    await done(committer.onEnd())
    Object.assign(req.session as Session, { user: 'ada' })
    committer.onHeaders()
    expect(cookies()).toEqual([expect.stringMatching(/^connect\.sid=s%3Aa\..*Expires=/)])
  })

  it('sets none for a session that was removed since', async () => {
    const { committer, req, cookies } = loaded({ rolling: true })
    await done(committer.onEnd())
    remove(req)
    committer.onHeaders()
    expect(cookies()).toEqual([])
  })

  it('sets none where the session is no JSON', () => {
    const { committer, req, cookies } = loaded({ rolling: true })
    spoil(req)
    committer.onHeaders()
    expect(cookies()).toEqual([])
  })

  it('sets none after an error was told', () => {
    const { committer, req, cookies } = loaded({ rolling: true })
    spoil(req)
    expect(() => committer.onEnd()).toThrow(/BigInt/)
    change(req)
    committer.onHeaders()
    expect(cookies()).toEqual([])
  })

  it('adds the cookie to those that are set already', () => {
    const { committer, res, cookies } = loaded({ rolling: true })
    res.headers['Set-Cookie'] = 'theirs=1'
    committer.onHeaders()
    expect(cookies()).toEqual(['theirs=1', expect.stringMatching(/^connect\.sid=/)])
  })

  it('sets no cookie that may not travel on the connection', () => {
    const { committer, cookies } = loaded({ rolling: true, cookie: { secure: true } }, secureRecord)
    committer.onHeaders()
    expect(cookies()).toEqual([])
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
  if (!commit) throw new Error('there is nothing to wait for')
  return new Promise<void>((resolve, reject) => commit((err) => (err ? reject(err) : resolve())))
}
