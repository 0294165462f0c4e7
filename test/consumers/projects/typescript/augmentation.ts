import type { Request } from 'express'
import type { Session, SessionData } from 'sessionware'

declare module 'sessionware' {
  interface SessionData {
    userId?: string
    visits?: number
  }
}

export function visit(req: Request): SessionData['visits'] {
  const userId: string | undefined = req.session.userId
  req.session.visits = (req.session.visits ?? 0) + (userId ? 1 : 0)
  // @ts-expect-error this key is not declared
  req.session.undeclared = 1
  // @ts-expect-error the key has another type
  req.session.userId = 7
  return req.session.visits
}

export const isSession = (session: Session & Partial<SessionData>) => session.userId !== undefined
