import { describe, expect, it, vi } from 'vitest'
import {
  attachId,
  attachSession,
  OWNER,
  peekSession,
  type SessionOwner,
  type SessionRequest,
  UNREAD,
} from '../../../src/session/attach'

describe('attachSession', () => {
  it('creates the session when it is first read', () => {
    const { req, owner } = attached()
    expect(owner.make).not.toHaveBeenCalled()
    expect([req.session, req.session]).toEqual(['made', 'made'])
    expect(owner.make).toHaveBeenCalledTimes(1)
  })

  it('keeps an assigned value, also null and undefined', () => {
    const { req, owner } = attached()
    for (const value of ['mine', null, undefined]) {
      req.session = value
      expect([req.session, owner.session]).toEqual([value, value])
    }
    expect(owner.make).toHaveBeenCalledTimes(1)
  })

  it('does not change the request when an object that inherits from it gets a session', () => {
    const { req, owner } = attached()
    attachId(req)
    const copy = Object.create(req) as SessionRequest
    Object.assign(copy, { session: 'mine', sessionID: 'my id' })
    expect([copy.session, copy.sessionID]).toEqual(['mine', 'my id'])
    expect([req.session, req.sessionID, owner.session]).toEqual(['made', 'made id', 'made'])
  })

  it('keeps a value that is assigned through a Proxy', () => {
    const { req, owner } = attached()
    const proxy = new Proxy(req, {})
    proxy.session = 'mine'
    expect([req.session, owner.session]).toEqual(['mine', 'mine'])
  })

  it('lets the session be deleted', () => {
    const { req } = attached()
    delete req.session
    expect(['session' in req, req.session]).toEqual([false, undefined])
  })

  it('does not share sessions between requests', () => {
    const [one, other] = [attached(), attached()]
    one.req.session = 'mine'
    expect(other.req.session).toBe('made')
  })

  it('makes the session an enumerable property of the request', () => {
    const { req } = attached()
    expect(Object.keys(req)).toContain('session')
    expect({ ...req }.session).toBe('made')
  })
})

describe('attachId', () => {
  it('creates the session when its id is read', () => {
    const { req, owner } = attached()
    attachId(req)
    expect(owner.make).not.toHaveBeenCalled()
    expect(req.sessionID).toBe('made id')
    req.sessionID = 'mine'
    expect([req.sessionID, owner.sessionID]).toEqual(['mine', 'mine'])
    expect(owner.make).toHaveBeenCalledTimes(1)
  })

  it('makes the id an enumerable property that can be deleted', () => {
    const { req } = attached()
    attachId(req)
    expect(Object.keys(req)).toContain('sessionID')
    delete req.sessionID
    expect('sessionID' in req).toBe(false)
  })

  it('creates the session before an id is assigned, and keeps the assigned id', () => {
    const { req } = attached()
    attachId(req)
    req.sessionID = 'mine'
    expect([req.sessionID, req.session]).toEqual(['mine', 'made'])
  })
})

describe('peekSession', () => {
  it('finds a session that was not read, without creating it', () => {
    const { req, owner } = attached()
    expect(peekSession(req)).toBe(UNREAD)
    expect(owner.make).not.toHaveBeenCalled()
  })

  it('returns req.session after it was read, and when no session is attached', () => {
    const { req } = attached()
    expect(req.session).toBe('made')
    expect(peekSession(req)).toBe('made')
    expect(peekSession({ session: 'other' } as SessionRequest)).toBe('other')
    expect(peekSession({} as SessionRequest)).toBeUndefined()
  })

  it('does not affect later reads when a getter of the application throws', () => {
    const broken = {
      get session() {
        throw new Error('no')
      },
    }
    expect(() => peekSession(broken as unknown as SessionRequest)).toThrow('no')
    expect(attached().req.session).toBe('made')
  })
})

function attached() {
  const owner = {
    isPending: true,
    session: undefined as unknown,
    sessionID: undefined as unknown,
    make: vi.fn(() => {
      owner.isPending = false
      owner.session = 'made'
      owner.sessionID = 'made id'
    }),
  }
  const req = {} as SessionRequest
  req[OWNER] = owner as unknown as SessionOwner
  attachSession(req)
  return { req, owner }
}
