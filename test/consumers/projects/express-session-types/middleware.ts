import { createServer, type IncomingMessage } from 'node:http'
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import session, { type Session, type SessionData, type SessionOptions } from 'sessionware'

export const middleware: RequestHandler = session({ secret: 'a secret' })
export const factory: (options?: SessionOptions) => RequestHandler = session
export const handlers: RequestHandler[] = [session(), express.json()]

let current = session({ secret: 'a secret' })
current = (_req, _res, next) => next()
current = (req: Request, _res: Response, next: NextFunction) => (req.session ? next() : undefined)
current = (req, res, next) => {
  if (req.session.id !== req.sessionID) return next(new Error('no session'))
  res.status(200).json(req.query)
}
current = express.json()
export const last: ReturnType<typeof session> = current

/** How socket.io's documentation shares a session. */
const wrap = (handler: RequestHandler) => (socket: { request: IncomingMessage }, next: (err?: any) => void) =>
  handler(socket.request as Request, {} as Response, next as NextFunction)
export const wrapped = wrap(session({ secret: 'a secret' }))

export const server = createServer(express().use(session()))
server.on('upgrade', (request, socket) => {
  middleware(request as Request, {} as any, () => {
    const { session } = request as Request
    if (!session.id) socket.destroy()
  })
})

declare module 'node:http' {
  interface IncomingMessage {
    session: Session & Partial<SessionData>
    sessionID: string
  }
}

export const idOf = (request: IncomingMessage): string => request.session.id

declare module 'express' {
  interface Request {
    user?: string
  }
}

export function isSame(req: Request): boolean {
  const store: Express.SessionStore = req.sessionStore
  store.generate(req)
  req.sessionStore.get(req.sessionID, (_err, found) => found)
  req.sessionStore.all?.((_err, all) => all)
  const kept: session.Store = req.sessionStore
  return kept === store
}

interface MockOf<Args extends any[], Result> {
  mockImplementation(work: (...args: Args) => Result): this
  mockReturnValue(value: Result): this
}
declare function mocked<Args extends any[], Result>(work: (...args: Args) => Result): MockOf<Args, Result>
declare function mockedAs<T extends (...args: any[]) => any>(work: T): MockOf<Parameters<T>, ReturnType<T>>

mocked(session).mockImplementation((options?: SessionOptions) => (req, _res, next) => {
  req.session = { id: options?.name ?? 'an id' } as Session
  next()
})
mockedAs(session).mockReturnValue((req, res, next) => (req.session ? next() : res.sendStatus(401)))
mockedAs(session).mockImplementation((options) => (options?.store ? current : express.json()))

declare global {
  namespace Express {
    interface Request {
      session: Session & Partial<SessionData>
      sessionID: string
      sessionStore: SessionStore
    }
  }
}
