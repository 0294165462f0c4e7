import { describe, expect, it, vi } from 'vitest'
import type { SessionOptions } from '../../../src/options/session-options'
import { collectFacts } from '../../../src/request/facts'
import type { SessionRequest } from '../../../src/session/attach'
import { regenerateSession } from '../../../src/session/regenerate'
import { createSession, Session } from '../../../src/session/session'
import { stateFor } from '../../../src/session/session-state'
import { freezeClock } from '../../support/clock'
import { upstream } from '../../support/implementations'
import { record, recordFor } from '../../support/records'
import { loaded, prepared, promised, started, THERE, UNTOUCHED } from '../../support/request-session'
import { createStore } from '../../support/store'

type Data = Record<string, unknown>

const fault = new Error('no id')

freezeClock(Date.UTC(2030, 0, 1))

describe('start', () => {
  it('creates neither a session nor an id before one is read', async () => {
    const { store, owner, req } = await started()
    const generateId = vi.spyOn(owner.settings, 'generateId')
    expect(collectFacts(owner)).toBeUndefined()
    expect([generateId.mock.calls.length, store.calls]).toEqual([0, []])
    expect((req.session as Session).id).toBe(req.sessionID)
    expect(generateId).toHaveBeenCalledTimes(1)
  })

  it('does not create a session that was deleted before it was read, even if its id is read', async () => {
    const { req } = await started()
    delete req.session
    expect(req.sessionID).toMatch(/^[\w-]{32}$/)
    expect('session' in req).toBe(false)
  })

  it.each<[string, Partial<SessionOptions>]>([
    ['genid', { genid: () => 'mine' }],
    ['a cookie function', { cookie: () => ({}) }],
    ['saveUninitialized', { saveUninitialized: true }],
  ])('creates the session at once with %s', async (_what, options) => {
    const { owner } = await started(options)
    expect(owner.isPending).toBe(false)
    expect(collectFacts(owner)).toMatchObject({ ...THERE, isSentId: false })
  })

  it('calls a store.generate of the application, which may add data', async () => {
    const { store, owner, req } = prepared()
    const { generate } = store
    store.generate = (request) => {
      generate(request)
      Object.assign((request as unknown as SessionRequest).session as Session, { csrf: 'token' })
    }
    await promised((done) => owner.start(done))
    expect(req.session).toMatchObject({ csrf: 'token' })
    expect(collectFacts(owner)?.change).toMatchObject({ isModified: false })
  })

  it.each<[string, () => string | Promise<string>]>([
    ['value', () => 'mine'],
    ['promise', async () => 'mine'],
  ])('uses the %s that genid returns', async (_what, genid) => {
    const { req } = await started({ genid })
    expect([req.sessionID, (req.session as Session).id]).toEqual(['mine', 'mine'])
  })

  it.each<[string, () => string | Promise<string>, unknown]>([
    ['throws', () => raise(fault), fault],
    ['rejects', () => Promise.reject(fault), fault],
    ['rejects without a reason', () => Promise.reject(), new Error('genid rejected without an error')],
  ])('passes on the error of a genid that %s', async (_what, genid, err) => {
    const { owner } = prepared({ genid })
    await expect(promised((done) => owner.start(done))).rejects.toEqual(err)
  })

  it('creates the cookie of the session from the options', async () => {
    const { req } = await started({ cookie: { maxAge: 1000, path: '/app' } })
    expect((req.session as Session).cookie).toMatchObject({ originalMaxAge: 1000, path: '/app' })
  })
})

describe('the id of a new session', () => {
  it('is drawn at its first use, and is the same for the session and the request', async () => {
    const { owner, req } = await started()
    const draw = vi.spyOn(owner.settings, 'generateId')
    const session = Object.assign(req.session as Session, { user: 'ada' })
    expect(collectFacts(owner)).toMatchObject({ hasId: true, isSentId: false })
    expect([draw.mock.calls.length, Object.hasOwn(session, 'id'), Object.keys(session)]).toEqual([
      0,
      true,
      ['cookie', 'user'],
    ])
    expect([session.id, req.sessionID, session.id]).toEqual([session.id, session.id, session.id])
    expect(session.id).toMatch(/^[\w-]{32}$/)
    expect(draw).toHaveBeenCalledTimes(1)
  })

  it('is drawn once by a login, whose first session is not stored', async () => {
    const { owner, req, store } = await started()
    const draw = vi.spyOn(owner.settings, 'generateId')
    await (req.session as Session).regenerate()
    Object.assign(req.session as Session, { user: 'ada' })
    await (req.session as Session).save()
    expect([draw.mock.calls.length, store.calls]).toEqual([1, [`set ${req.sessionID}`]])
  })

  it('can be read through a proxy and a derived object, and replaced at the request', async () => {
    const { req } = await started()
    const session = req.session as Session
    expect(new Proxy(session, {}).id).toBe(session.id)
    expect(Object.create(session).id).toBe(session.id)
    req.sessionID = 'mine'
    expect([req.sessionID, session.id === 'mine']).toEqual(['mine', false])
  })
})

describe('load', () => {
  it('does not parse the data before the session is read', () => {
    const { owner, req } = prepared()
    owner.load(record() as never, '{"user":"ada"}')
    expect([owner.isPending, collectFacts(owner)]).toMatchObject([true, UNTOUCHED])
    expect(req.session).toMatchObject({ id: 'a', user: 'ada' })
    expect(collectFacts(owner)).toMatchObject(UNTOUCHED)
  })

  it.each([
    ['no snapshot', record({ user: 'ada' }), undefined],
    ['a snapshot with a key that must be dropped', record(), '{"user":"ada","save":1}'],
  ])('finds nothing changed in a record with %s', (_what, stored, snapshot) => {
    const { owner, req } = prepared()
    owner.load(stored as never, snapshot)
    expect(req.session).toMatchObject({ user: 'ada' })
    expect((req.session as Session).save).toBeTypeOf('function')
    expect(collectFacts(owner)).toMatchObject(UNTOUCHED)
  })

  it('counts as unsaved with resave, read or not', () => {
    const { owner, req } = prepared({ resave: true })
    owner.load(record() as never, '{"user":"ada"}')
    const saved = () => collectFacts(owner)?.change.isSaved
    expect([saved(), req.session && saved()]).toEqual([false, false])
  })

  it('finds a change of the session', () => {
    const { owner, req } = prepared()
    owner.load(record({ user: 'ada' }) as never, undefined)
    ;(req.session as unknown as Data).user = 'bob'
    expect(collectFacts(owner)?.change).toMatchObject({ isModified: true, isSaved: false })
    expect(owner.snapshot).toBe('{"user":"bob"}')
  })

  it('throws for a record without a cookie, and the request has no session', () => {
    const { owner, req } = prepared()
    expect(() => owner.load({} as never, undefined)).toThrow(/^Cannot read prop/)
    expect('session' in req).toBe(false)
  })

  it("replaces the session that another implementation's store creates", () => {
    const { owner, req } = prepared({}, createStore(upstream))
    owner.load(record({ user: 'ada' }) as never, undefined)
    expect(req.session).toBeInstanceOf(Session)
    expect(req.session).toMatchObject({ user: 'ada' })
    expect(collectFacts(owner)).toMatchObject(UNTOUCHED)
  })
})

describe('regenerate', () => {
  it('gives the request a new session and destroys the old one', async () => {
    const { store, owner, req } = loaded()
    const old = req.session as Session
    const { idState } = owner
    await promised((done) => regenerateSession(owner, done))
    expect(req.session).not.toBe(old)
    expect((req.session as Session).id).toBe(req.sessionID)
    expect([store.calls, idState?.isDestroyed]).toEqual([['destroy a'], true])
    expect(collectFacts(owner)).toMatchObject({
      isSentId: false,
      change: { isModified: false, wasSaved: false },
    })
  })

  it('does not destroy a session that was never stored, and prevents a later save of it', async () => {
    const { store, owner, req } = await started()
    const { session, sessionID } = req
    await promised((done) => regenerateSession(owner, done))
    expect([store.calls, req.sessionID === sessionID]).toEqual([[], false])
    const states = [session, req.session].map((each) => stateFor(each as Session, owner).isDestroyed)
    expect(states).toEqual([true, false])
  })

  it('lets the new session be saved when genid returns the same id', async () => {
    const { owner, req } = await started({ genid: () => 'same' })
    const { session } = req
    await promised((done) => regenerateSession(owner, done))
    const states = [session, req.session].map((each) => stateFor(each as Session, owner).isDestroyed)
    expect(states).toEqual([true, false])
  })

  it('keeps the session when genid throws', async () => {
    const genid = vi.fn(() => 'first')
    const { store, owner, req } = await started({ genid })
    const { session } = req
    genid.mockImplementation(() => raise(fault))
    await expect(promised((done) => regenerateSession(owner, done))).rejects.toBe(fault)
    expect([req.session === session, store.calls]).toEqual([true, []])
  })

  it("creates a new session also after the store's error", async () => {
    const { store, owner, req } = loaded()
    store.fail('destroy', fault)
    await expect(promised((done) => regenerateSession(owner, done))).rejects.toBe(fault)
    expect(req.sessionID).not.toBe('a')
  })

  it('lets an id be written again that genid returns a second time', async () => {
    const { owner } = await started({ genid: () => 'always' })
    await promised((done) => regenerateSession(owner, done))
    expect(collectFacts(owner)).toMatchObject({ isDestroyed: false })
  })
})

describe('noteReload', () => {
  it('makes the reloaded session count as saved', () => {
    const { owner, req } = loaded()
    req.session = createSession(req, record({ user: 'changed elsewhere' }) as never)
    owner.tracker.noteReload(req.session as Session)
    expect(collectFacts(owner)?.change).toMatchObject({ isModified: true, isSaved: true })
  })
})

describe('touch', () => {
  it.each([true, false])('restarts the lifetime once in a request, session read: %s', (isSeen) => {
    const { owner, req } = prepared()
    owner.load(recordFor(1000) as never, '{}')
    if (isSeen) expect(req.session).toBeDefined()
    vi.setSystemTime(Date.now() + 600)
    owner.touch()
    expect(owner.cookie.maxAge).toBe(1000)
    vi.setSystemTime(Date.now() + 600)
    owner.touch()
    expect(owner.cookie.maxAge).toBe(400)
    expect((req.session as Session).cookie.maxAge).toBe(400)
  })
})

function raise(err: Error): never {
  throw err
}
