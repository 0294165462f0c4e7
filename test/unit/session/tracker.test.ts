import { describe, expect, it } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { Session } from '../../../src/session/session'
import { takeSnapshot } from '../../../src/session/snapshot'
import { Tracker } from '../../../src/session/tracker'

type Data = Record<string, unknown>

const HOUR = 3_600_000

describe('compare', () => {
  it('finds no change in an unchanged loaded session', () => {
    const { look } = loaded()
    expect(look()).toEqual({
      isModified: false,
      isLifetimeChanged: false,
      wasSaved: true,
      isSaved: true,
    })
  })

  it('counts a loaded session as unsaved with resave', () => {
    expect(loaded({}, true).look()).toMatchObject({ isModified: false, wasSaved: false, isSaved: false })
  })

  it.each<[string, (data: Data) => unknown]>([
    ['is added', (data) => Object.assign(data, { more: 1 })],
    ['is changed', (data) => Object.assign(data, { user: 'bob' })],
    ['is removed', (data) => delete data.user],
    ['is changed in a nested value', (data) => (data.list as number[]).push(4)],
  ])('finds data that %s', (_what, change) => {
    const { session, look } = loaded({ user: 'ada', list: [1] })
    change(session as unknown as Data)
    expect(look()).toMatchObject({ isModified: true, isLifetimeChanged: false, isSaved: false })
  })

  it('finds no change in data that was changed back', () => {
    const { session, look } = loaded({ user: 'ada' })
    Object.assign(session, { user: 'bob' })
    Object.assign(session, { user: 'ada' })
    expect(look()).toMatchObject({ isModified: false, isSaved: true })
  })

  it.each<[string, number | null, number | null, boolean]>([
    ['is set', null, HOUR, true],
    ['is removed', HOUR, null, true],
    ['is removed when it was below a second', 500, null, true],
    ['is made longer', HOUR, 2 * HOUR, true],
    ['is set to the same', HOUR, HOUR, false],
    ['differs by less than a second', HOUR, HOUR - 999, false],
    ['differs by a second', HOUR, HOUR - 1000, true],
  ])('compares a lifetime that %s', (_what, before, after, isChanged) => {
    const { session, look } = loaded({}, false, before)
    session.cookie.maxAge = after
    expect(look()).toMatchObject({ isLifetimeChanged: isChanged, isModified: isChanged, isSaved: !isChanged })
  })

  it('does not count a new lifetime as a change of an empty new session', () => {
    const { session, look } = created()
    session.cookie.maxAge = HOUR
    expect(look()).toMatchObject({
      isModified: false,
      isLifetimeChanged: false,
      wasSaved: false,
      isSaved: false,
    })
  })

  it('does not count the initial data of a new session as a change', () => {
    const { session, look } = created({ csrf: 'token' })
    expect(look()).toMatchObject({ isModified: false })
    Object.assign(session, { user: 'ada' })
    expect(look()).toMatchObject({ isModified: true, wasSaved: false })
  })

  it('treats a session with another id as modified and unsaved', () => {
    const { tracker } = loaded()
    const other = makeSession('other')
    expect(tracker.compare(other, takeSnapshot(other))).toMatchObject({
      isModified: true,
      isLifetimeChanged: false,
      isSaved: false,
    })
  })
})

describe('noteSave', () => {
  it('makes the session count as saved, while it stays modified', () => {
    const { session, look, save } = loaded({}, true)
    Object.assign(session, { user: 'ada' })
    save()
    expect(look()).toMatchObject({ isModified: true, wasSaved: true, isSaved: true })
    Object.assign(session, { user: 'bob' })
    expect(look()).toMatchObject({ wasSaved: true, isSaved: false })
  })

  it('remembers the lifetime that was saved', () => {
    const { session, look, save } = created()
    session.cookie.maxAge = HOUR
    save()
    expect(look()).toMatchObject({ isSaved: true })
    session.cookie.maxAge = 2 * HOUR
    expect(look()).toMatchObject({ isSaved: false, isLifetimeChanged: true })
  })

  it('ignores a session that is no longer that of the request', () => {
    const { tracker, look } = created()
    const left = makeSession('left')
    tracker.noteSave(left, takeSnapshot(left))
    expect(look()).toMatchObject({ wasSaved: false, isSaved: false })
    expect(tracker.isStored).toBe(false)
  })
})

describe('startNew', () => {
  it('forgets the saved state of the previous session', () => {
    const { tracker, session, save, look } = created()
    save()
    tracker.startNew(session)
    expect(look()).toMatchObject({ wasSaved: false, isSaved: false })
    expect(tracker.isStored).toBe(false)
  })
})

describe('noteReload', () => {
  it('makes the reloaded session count as saved', () => {
    const { tracker, look, session } = loaded({ user: 'ada' })
    Object.assign(session, { user: 'changed elsewhere' })
    tracker.noteReload(session)
    expect(look()).toMatchObject({ isModified: true, isSaved: true })
  })

  it('does not make a session count as saved with resave', () => {
    const { tracker, look, session } = loaded({}, true)
    tracker.noteReload(session)
    expect(look()).toMatchObject({ wasSaved: false, isSaved: false })
  })
})

describe('isStored', () => {
  it('is true for a session that was loaded or saved', () => {
    const [old, fresh] = [loaded(), created()]
    expect([new Tracker(false).isStored, old.tracker.isStored, fresh.tracker.isStored]).toEqual([
      false,
      true,
      false,
    ])
    fresh.save()
    expect(fresh.tracker.isStored).toBe(true)
  })
})

describe('unchanged', () => {
  it.each([true, false])('reports a session that was not read as saved or not with resave %s', (resave) => {
    expect(new Tracker(resave).unchanged).toEqual({
      isModified: false,
      isLifetimeChanged: false,
      wasSaved: !resave,
      isSaved: !resave,
    })
  })
})

function created(data: object = {}) {
  const session = makeSession('a', data)
  const tracker = new Tracker(false)
  tracker.startNew(session)
  return observed(tracker, session)
}

function loaded(data: object = {}, resave = false, maxAge: number | null = null) {
  const session = makeSession('a', data, maxAge)
  const tracker = new Tracker(resave)
  tracker.startLoaded(session, takeSnapshot(session))
  return observed(tracker, session)
}

function observed(tracker: Tracker, session: Session) {
  const look = () => tracker.compare(session, takeSnapshot(session))
  const save = () => tracker.noteSave(session, takeSnapshot(session))
  return { tracker, session, look, save }
}

function makeSession(id: string, data: object = {}, maxAge: number | null = null) {
  const session = new Session({ sessionID: id }, data)
  session.cookie = new Cookie({ maxAge })
  return session
}
