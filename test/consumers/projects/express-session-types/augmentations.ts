import type { Request } from 'express'
import session, { Cookie, type CookieOptions, MemoryStore, Store } from 'sessionware'

interface Tracked {
  trackedSince?: number
}

declare module 'sessionware' {
  interface SessionData extends Tracked {
    cart?: { items: string[] }
  }

  export interface Session extends Tracked {
    visitor?: string
    flashes?(): string[]
  }

  interface Cookie {
    region?: string
  }

  interface Store {
    prefix?: string
  }

  interface MemoryStore {
    label?: string
  }

  interface CookieOptions {
    comment?: string
  }

  interface SessionOptions {
    cluster?: string
  }

  interface Visitor {
    name: string
  }
}

export function visit(req: Request): string[] {
  req.session.cart = { items: [] }
  req.session.visitor = 'ada'
  req.session.trackedSince = Date.now()
  req.session.cookie.region = 'eu'
  req.sessionStore.prefix = 'session:'
  const found: session.Session = req.session
  return found.flashes?.() ?? found.visitor?.split('') ?? req.session.cart.items
}

export class Prefixed extends Store {
  override prefix = 'session:'
  get(_sid: string, callback: (err: any, session?: session.SessionData | null) => void) {
    callback(null, { cookie: { originalMaxAge: null, region: 'eu' }, cart: { items: [] } })
  }
  set(_sid: string, data: session.SessionData, callback?: (err?: any) => void) {
    callback?.(data.cart?.items)
  }
  destroy(_sid: string, callback?: (err?: any) => void) {
    callback?.()
  }
}

const memory = new MemoryStore()
memory.label = memory.prefix ?? 'a label'
const cookie = new Cookie()
cookie.region = 'eu'
const options: CookieOptions = { comment: 'a comment' }
export const middleware = session({ secret: 'a secret', cluster: 'eu', cookie: options, store: memory })

export const visitor: session.Visitor & import('sessionware').Visitor = { name: 'ada' }
