import { describe, expect, it } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { Session } from '../../../src/session/session'
import { takeSnapshot } from '../../../src/session/snapshot'
import { Tracker } from '../../../src/session/tracker'

type Data = Record<string, unknown>

const HOUR = 3_600_000

describe('compare', () => {
  it('finds nothing changed in a loaded session that nobody touched', () => {
    const { look } = loaded()
    expect(look()).toEqual({
      isModified: false,
      isLifetimeChanged: false,
      wasSaved: true,
      isSaved: true,
    })
  })

  it('finds a loaded session unsaved where everything is to be saved again', () => {
    expect(loaded({}, true).look()).toMatchObject({ isModified: false, wasSaved: false, isSaved: false })
  })

  it.each<[string, (data: Data) => unknown]>([
    ['is added', (data) => Object.assign(data, { more: 1 })],
    ['is changed', (data) => Object.assign(data, { user: 'bob' })],
    ['is removed', (data) => delete data.user],
    ['is changed deep inside', (data) => (data.list as number[]).push(4)],
  ])('sees data that %s', (_what, change) => {
    const { session, look } = loaded({ user: 'ada', list: [1] })
    change(session as unknown as Data)
    expect(look()).toMatchObject({ isModified: true, isLifetimeChanged: false, isSaved: false })
  })

  it('sees no change in data that was changed and put back', () => {
    const { session, look } = loaded({ user: 'ada' })
    Object.assign(session, { user: 'bob' })
    Object.assign(session, { user: 'ada' })
    expect(look()).toMatchObject({ isModified: false, isSaved: true })
  })

  it.each<[string, number | null, number | null, boolean]>([
    ['is set', null, HOUR, true],
    ['is removed', HOUR, null, true],
    ['is removed, short as it was', 500, null, true],
    ['is made longer', HOUR, 2 * HOUR, true],
    ['is set to the same', HOUR, HOUR, false],
    ['differs by less than a second', HOUR, HOUR - 999, false],
    ['differs by a second', HOUR, HOUR - 1000, true],
  ])('sees a lifetime that %s', (_what, before, after, isChanged) => {
    const { session, look } = loaded({}, false, before)
    session.cookie.maxAge = after
    expect(look()).toMatchObject({ isLifetimeChanged: isChanged, isModified: isChanged, isSaved: !isChanged })
  })

  it('does not let a lifetime make a new session stay that holds nothing', () => {
    const { session, look } = created()
    session.cookie.maxAge = HOUR
    expect(look()).toMatchObject({
      isModified: false,
      isLifetimeChanged: false,
      wasSaved: false,
      isSaved: false,
    })
  })

  it('counts what a new session held at its start as nothing', () => {
    const { session, look } = created({ csrf: 'token' })
    expect(look()).toMatchObject({ isModified: false })
    Object.assign(session, { user: 'ada' })
    expect(look()).toMatchObject({ isModified: true, wasSaved: false })
  })

  it('takes a session of another id for modified and unsaved', () => {
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
  it('makes what was saved count as saved, though it stays modified', () => {
    const { session, look, save } = loaded({}, true)
    Object.assign(session, { user: 'ada' })
    save()
    expect(look()).toMatchObject({ isModified: true, wasSaved: true, isSaved: true })
    Object.assign(session, { user: 'bob' })
    expect(look()).toMatchObject({ wasSaved: true, isSaved: false })
  })

  it('keeps the lifetime that was saved', () => {
    const { session, look, save } = created()
    session.cookie.maxAge = HOUR
    save()
    expect(look()).toMatchObject({ isSaved: true })
    session.cookie.maxAge = 2 * HOUR
    expect(look()).toMatchObject({ isSaved: false, isLifetimeChanged: true })
  })

  it('ignores a session that the request left behind', () => {
    const { tracker, look } = created()
    const left = makeSession('left')
    tracker.noteSave(left, takeSnapshot(left))
    expect(look()).toMatchObject({ wasSaved: false, isSaved: false })
    expect(tracker.isStored).toBe(false)
  })
})

describe('startNew', () => {
  it('forgets what was saved of the session before', () => {
    const { tracker, session, save, look } = created()
    save()
    tracker.startNew(session)
    expect(look()).toMatchObject({ wasSaved: false, isSaved: false })
    expect(tracker.isStored).toBe(false)
  })
})

describe('noteReload', () => {
  it('makes what was read again count as saved', () => {
    const { tracker, look, session } = loaded({ user: 'ada' })
    Object.assign(session, { user: 'changed elsewhere' })
    tracker.noteReload(session)
    expect(look()).toMatchObject({ isModified: true, isSaved: true })
  })

  it('saves nothing by itself where everything is to be saved again', () => {
    const { tracker, look, session } = loaded({}, true)
    tracker.noteReload(session)
    expect(look()).toMatchObject({ wasSaved: false, isSaved: false })
  })
})

describe('isStored', () => {
  it('is true of what came from the store or went there', () => {
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
  it.each([true, false])('leaves it to resave %s whether an unseen session is saved', (resave) => {
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
