import connectPgSimple from 'connect-pg-simple'
import type { Request } from 'express'
import sessionFileStore from 'session-file-store'
import session, { type Session, type SessionOptions, type Store } from 'sessionware'

declare module 'sessionware' {
  interface SessionData {
    views: number
  }
}

const PgStore = connectPgSimple(session)
const FileStore = sessionFileStore(session)

export const stores: Store[] = [
  new PgStore({ createTableIfMissing: true }),
  new FileStore({ path: './sessions' }),
]
export const options: SessionOptions[] = stores.map((store) => ({ secret: 'a secret', store }))
export const middlewares = options.map((each) => session(each))

export async function view(req: Request): Promise<Session> {
  req.session.views = (req.session.views ?? 0) + 1
  await req.session.save().finally(() => req.session.views)
  return req.session
}
