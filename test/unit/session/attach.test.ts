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
  it('has the session made at the first look, and only then', () => {
    const { req, owner } = attached()
    expect(owner.make).not.toHaveBeenCalled()
    expect([req.session, req.session]).toEqual(['made', 'made'])
    expect(owner.make).toHaveBeenCalledTimes(1)
  })

  it('keeps what is assigned, null and undefined too', () => {
    const { req, owner } = attached()
    for (const value of ['mine', null, undefined]) {
      req.session = value
      expect([req.session, owner.session]).toEqual([value, value])
    }
    expect(owner.make).toHaveBeenCalledTimes(1)
  })

  it('is left alone by what is assigned to an object made from the request', () => {
    const { req, owner } = attached()
    attachId(req)
    const copy = Object.create(req) as SessionRequest
    Object.assign(copy, { session: 'mine', sessionID: 'my id' })
    expect([copy.session, copy.sessionID]).toEqual(['mine', 'my id'])
    expect([req.session, req.sessionID, owner.session]).toEqual(['made', 'made id', 'made'])
  })

  it('keeps what is assigned by way of a proxy', () => {
    const { req, owner } = attached()
    const proxy = new Proxy(req, {})
    proxy.session = 'mine'
    expect([req.session, owner.session]).toEqual(['mine', 'mine'])
  })

  it('can be deleted, and is then gone', () => {
    const { req } = attached()
    delete req.session
    expect(['session' in req, req.session]).toEqual([false, undefined])
  })

  it('keeps requests apart', () => {
    const [one, other] = [attached(), attached()]
    one.req.session = 'mine'
    expect(other.req.session).toBe('made')
  })

  it('is seen by those who list or copy the properties of a request', () => {
    const { req } = attached()
    expect(Object.keys(req)).toContain('session')
    expect({ ...req }.session).toBe('made')
  })
})

describe('attachId', () => {
  it('has the session made when somebody asks for its id', () => {
    const { req, owner } = attached()
    attachId(req)
    expect(owner.make).not.toHaveBeenCalled()
    expect(req.sessionID).toBe('made id')
    req.sessionID = 'mine'
    expect([req.sessionID, owner.sessionID]).toEqual(['mine', 'mine'])
    expect(owner.make).toHaveBeenCalledTimes(1)
  })

  it('leaves an id that can be deleted, copied and defined anew', () => {
    const { req } = attached()
    attachId(req)
    expect(Object.keys(req)).toContain('sessionID')
    delete req.sessionID
    expect('sessionID' in req).toBe(false)
  })

  it('makes the session before an id is assigned, which then counts', () => {
    const { req } = attached()
    attachId(req)
    req.sessionID = 'mine'
    expect([req.sessionID, req.session]).toEqual(['mine', 'made'])
  })
})

describe('peekSession', () => {
  it('finds an unseen session without making it', () => {
    const { req, owner } = attached()
    expect(peekSession(req)).toBe(UNREAD)
    expect(owner.make).not.toHaveBeenCalled()
  })

  it('finds what everybody finds once it was seen, and where nothing is attached', () => {
    const { req } = attached()
    expect(req.session).toBe('made')
    expect(peekSession(req)).toBe('made')
    expect(peekSession({ session: 'other' } as SessionRequest)).toBe('other')
    expect(peekSession({} as SessionRequest)).toBeUndefined()
  })

  it('peeks no longer once a getter of the application threw', () => {
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
