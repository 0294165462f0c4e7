import session = require('sessionware')

import type { RequestHandler } from 'express'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

import type * as namespace from 'sessionware'
// The same names from the module, from its namespace, and from the default export.
import sessionDefault, { Cookie, MemoryStore, type Session, type SessionData, Store } from 'sessionware'

export const same: [
  Same<session.Store, Store>,
  Same<session.Session, Session>,
  Same<session.SessionData, SessionData>,
  Same<typeof session.Store, typeof Store>,
  Same<namespace.Cookie, Cookie>,
  Same<typeof sessionDefault.MemoryStore, typeof MemoryStore>,
] = [true, true, true, true, true, true]

export const request: [
  Same<Express.Request['session'], Session & Partial<SessionData>>,
  Same<Express.Request['sessionID'], string>,
  Same<Express.Request['sessionStore'], Express.SessionStore>,
] = [true, true, true]

export const stores: (typeof session.Store)[] = [Store, MemoryStore]
export const call: (options?: session.SessionOptions) => RequestHandler = sessionDefault
export const Made: new () => session.Store = MemoryStore
export const values: object[] = [session.Session, session.Session.prototype, new Cookie(), Cookie.prototype]
export const required: Same<keyof SessionData & 'cookie', 'cookie'> = true
export type Api = typeof import('sessionware')
export const api: Api = session
