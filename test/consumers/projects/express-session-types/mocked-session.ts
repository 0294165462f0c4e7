import type { Request } from 'express'
import session, { type Session, type SessionData } from 'sessionware'

/** The shape of `jest.fn()` and `vi.fn()`. */
interface Mock<Args extends any[] = any[], Result = any> {
  (...args: Args): Result
  mockImplementation(work: (...args: Args) => Result): this
  mockReturnValue(value: Result): this
}
declare function fn(): Mock
declare function fn<Args extends any[], Result>(work: (...args: Args) => Result): Mock<Args, Result>
declare function spyOn<T, Name extends keyof T>(
  object: T,
  name: Name,
): T[Name] extends (...args: infer Args) => infer Result ? Mock<Args, Result> : never
type Mocked<T> = {
  [Key in keyof T]: T[Key] extends (...args: infer Args) => infer Result ? Mock<Args, Result> : T[Key]
} & T

export function plain(req: Request): void {
  req.session = {
    id: 'an id',
    cookie: { originalMaxAge: null },
    regenerate(callback) {
      callback(null)
      return this
    },
    destroy(callback) {
      callback(new Error('no store'))
      return this
    },
    reload(callback: (err: any) => void) {
      callback(undefined)
      return this
    },
    resetMaxAge() {
      return this
    },
    save(callback) {
      callback?.(null)
      return this
    },
    touch() {
      return this
    },
  }
}

export function functions(req: Request): void {
  const mock: Session = {
    id: 'an id',
    cookie: new session.Cookie(),
    regenerate: fn(),
    destroy: (callback: (err: any) => void): any => callback(null),
    reload: (callback) => (callback(null), mock),
    resetMaxAge: () => mock,
    save: (callback?: (err: any) => void) => {
      if (callback) callback(null)
      return mock
    },
    touch: fn(() => mock),
  }
  req.session = mock
  req.session = Object.assign(mock, { user: 'ada' })
  req.session = Object.assign({}, mock, { save: fn() })
}

export function asserted(req: Request): void {
  req.session = { user: 'ada' } as unknown as Session
  req.session = { save: fn() } as Partial<Session> as Session & Partial<SessionData>
  req.session = { id: 'an id', save: fn(), destroy: fn() } as any
  req.session = {
    cookie: { originalMaxAge: 1 },
    destroy: (callback: () => void) => callback(),
  } as any as Session
  req.session = {} as Session & Partial<SessionData>
  req.session = { id: 'an id', cookie: { originalMaxAge: null } } as Session
  req.session = { regenerate: (callback: (err: any) => void) => callback(null) as any } as Session
  const request = { session: { id: 'an id' } } as Request
  const partial: Partial<Request> = { session: { id: 'an id' } as Session, sessionID: 'an id' }
  Object.assign(req, request, partial)
}

export function spied(req: Request): void {
  spyOn(req.session, 'save').mockImplementation((callback) => {
    callback?.(null)
    return req.session
  })
  spyOn(req.session, 'destroy').mockImplementation((callback) => {
    callback(null)
    return req.session
  })
  spyOn(req.session, 'regenerate').mockReturnValue(req.session)
  const mocked = req.session as unknown as Mocked<Session>
  mocked.reload.mockImplementation((callback) => (callback('an error'), mocked))
  req.session.save = (callback?: (err: any) => void) => (callback?.(null), req.session)
  req.session.destroy = (callback) => (callback(null), req.session)
  req.session.regenerate = fn()
}

export class FakeSession implements Session {
  id = 'an id'
  cookie = new session.Cookie()
  req = { of: 'a test' }
  regenerate(callback: (err: any) => void): this {
    return this.answer(callback)
  }
  destroy(callback: (err: any) => void) {
    return this.answer(callback)
  }
  reload = (callback: (err: any) => void) => this.answer(callback)
  resetMaxAge() {
    return this
  }
  save(callback?: (err: any) => void): this {
    return callback ? this.answer(callback) : this
  }
  touch(): this {
    return this
  }
  private answer(callback: (err: any) => void): this {
    callback(null)
    return this
  }
}

export const use = (req: Request): Session & Partial<SessionData> => (req.session = new FakeSession())
