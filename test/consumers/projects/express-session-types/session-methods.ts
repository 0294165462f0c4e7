import { promisify } from 'node:util'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type session from 'sessionware'
import type { Session, SessionData } from 'sessionware'

export const login: RequestHandler = (req, res, next) => {
  req.session.regenerate((err) => {
    if (err) return next(err)
    req.session.save((err: Error) => (err ? next(err) : res.redirect('/')))
  })
}

export function logout(req: Request, res: Response, next: NextFunction): void {
  req.session.destroy((err: any) => {
    if (err.code === 'ECONNREFUSED') return next(err)
    res.clearCookie('connect.sid').end()
  })
  req.session.destroy(next)
  req.session.reload(() => {})
}

export function chain(req: Request, callback: ((err: any) => void) | undefined): Session {
  req.session.touch().resetMaxAge().cookie.maxAge = 1
  req.session.reload(() => {}).touch()
  const same: typeof req.session = req.session.regenerate(() => {})
  same.save(callback).touch()
  return same.save(() => {}).destroy(() => {})
}

export function save(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((err) => (err ? reject(err) : resolve()))
  })
}

export async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    req.session.regenerate((err) => (err ? reject(err) : resolve())),
  )
  await promisify(req.session.destroy.bind(req.session))()
  await promisify(req.session.reload.bind(req.session))()
  await promisify<void>((done) => req.session.regenerate(done))()
  await promisify((done: (err: any) => void) => req.session.save(done))()
}

export function rename(found: Session, id: string): string {
  found.id = id
  return found.id
}

export function typed(req: Request): Session & Partial<SessionData> {
  const own = req.session as Session & { views: number; user?: { name: string } }
  own.views += 1
  const keyed = req.session as unknown as Record<string, unknown>
  keyed.views = own.views
  const { cookie, id, ...data } = req.session
  return Object.assign(req.session, { ...data, cookie, id })
}

export type Verb = {
  [Name in keyof Session]: Session[Name] extends (...args: any[]) => any ? Name : never
}[keyof Session]
export const verbs: Verb[] = ['regenerate', 'destroy', 'reload', 'resetMaxAge', 'save', 'touch']
export const exactVerbs: Exclude<
  Verb,
  'regenerate' | 'destroy' | 'reload' | 'resetMaxAge' | 'save' | 'touch'
>[] = []
export const callback: Parameters<Session['save']>[0] = (err) => err.message
export const needed: Parameters<Session['regenerate']>[0] = (err) => err.message
export const returned = (found: Session): ReturnType<Session['save']> => found
export const isSession = (found: unknown, api: typeof session): found is Session =>
  found instanceof api.Session

export class SessionService {
  constructor(private readonly session: session.Session & Partial<session.SessionData>) {}
  end = (): session.Session => this.session.destroy(this.onEnd)
  private readonly onEnd = (err?: unknown): void => {
    if (err) throw err
  }
}

export function call(
  req: Request,
  verb: 'save' | 'destroy' | 'reload' | 'regenerate',
  done: (err?: any) => void,
): Session {
  req.session[verb](done)
  return req.session[verb]((err) => done(err))
}

export async function promised(found: Session, verb: 'destroy' | 'regenerate'): Promise<void> {
  await new Promise((resolve) => found[verb](resolve))
}

export async function borrowed(req: Request, done: (err: any) => void): Promise<Session> {
  await promisify(req.session.save.bind(req.session))()
  await promisify(req.session.destroy).call(req.session)
  req.session.destroy.call(req.session, done)
  req.session.reload.apply(req.session, [done])
  const { regenerate } = req.session
  const work: Record<string, (callback: (err: any) => void) => unknown> = {
    save: req.session.save,
    regenerate,
  }
  work.save?.(done)
  const later: () => unknown = req.session.regenerate.bind(req.session, done)
  setTimeout(later)
  await req.session?.save?.(done)
  return req.session.save(undefined as ((err: any) => void) | undefined)
}

interface UserRequest extends Request {
  session: Session & Partial<SessionData> & { user: string }
}
export const userOf = (req: UserRequest): string => req.session.user
export const withUser = (req: Request & { session: { user?: string } }): string | undefined =>
  req.session.user
