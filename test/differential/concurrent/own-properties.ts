import type { IncomingMessage } from 'node:http'
import type { Req, Res } from '../../support/app'

/** The names of the properties that a framework or another middleware may put on `req` and `res`. */
export type OwnProperty = keyof typeof before | keyof typeof after

/** Puts the properties on `req` and `res` that are there before the session middleware. */
export function ownBefore(names: OwnProperty[], req: Req, res: Res): void {
  for (const name of names) if (name in before) before[name as keyof typeof before](req, res)
}

/** Puts the properties on `req` and `res` that come after the session middleware. */
export function ownAfter(names: OwnProperty[], req: Req, res: Res): void {
  for (const name of names) if (name in after) after[name as keyof typeof after](req, res)
}

type Change = (req: Req, res: Res) => void
// biome-ignore lint/suspicious/noExplicitAny: wrappers pass on all arguments.
type AnyFunction = (...args: any[]) => any

const before = {
  // As @fastify/express defines it.
  'res.headersSent tells whether it has ended': (_req, res) =>
    define(res, 'headersSent', () => res.writableEnded),
  'res.headersSent follows writeHead': (_req, res) => {
    let isSent = false
    wrap(res, 'writeHead', (writeHead, args) => {
      isSent = true
      return writeHead(...args)
    })
    define(res, 'headersSent', () => isSent)
  },
  'res.writableEnded follows end': (_req, res) => {
    let hasEnded = false
    wrap(res, 'end', (end, args) => {
      hasEnded = true
      return end(...args)
    })
    define(res, 'writableEnded', () => hasEnded)
  },
  'res.finished is an accessor': (_req, res) => {
    let { finished } = res
    define(
      res,
      'finished',
      () => finished,
      (value) => {
        finished = value
      },
    )
  },
  'res.statusCode is an accessor': (_req, res) => {
    let { statusCode } = res
    define(
      res,
      'statusCode',
      () => statusCode,
      (value) => {
        statusCode = value
      },
    )
  },
  'res.end is wrapped': (_req, res) => wrap(res, 'end', pass),
  'res.end is wrapped and waits': (_req, res) => wrap(res, 'end', endLater(res)),
  'res.write is wrapped': (_req, res) => wrap(res, 'write', pass),
  'res.writeHead is wrapped': (_req, res) => wrap(res, 'writeHead', pass),
  'res.setHeader is wrapped': (_req, res) => wrap(res, 'setHeader', pass),
  'res.flushHeaders is wrapped': (_req, res) => wrap(res, 'flushHeaders', pass),
  'res.on and res.once are wrapped': (_req, res) => {
    wrap(res, 'on', pass)
    wrap(res, 'once', pass)
  },
  'res has another prototype': (_req, res) => replacePrototype(res),
  'req has another prototype': (req) => replacePrototype(req),
  'req.session is undefined': (req) => Object.assign(req, { session: undefined }),
  'req.session is null': (req) => Object.assign(req, { session: null }),
  'req.session is an accessor': (req) => {
    let session: unknown
    define(
      req,
      'session',
      () => session,
      (value) => {
        session = value
      },
    )
  },
  'req.sessionID is set': (req) => Object.assign(req, { sessionID: 'of another middleware' }),
  'req.sessionStore is set': (req) => Object.assign(req, { sessionStore: {} }),
  'req.originalUrl is set': (req) => Object.assign(req, { originalUrl: '/app?original' }),
  'req.url is an accessor': (req) => {
    let { url } = req
    define(
      req,
      'url',
      () => url,
      (value) => {
        url = value
      },
    )
  },
  'req.headers is frozen': (req) => define(req, 'headers', keep(Object.freeze({ ...req.headers }))),
  'req.cookies and req.signedCookies are objects': (req) =>
    Object.assign(req, { cookies: { theme: 'dark' }, signedCookies: Object.create(null) }),
  'req.secure is an accessor': (req) => define(req, 'secure', () => true),
  'req.connection is undefined': (req) => define(req, 'connection', keep(undefined)),
} satisfies Record<string, Change>

const after = {
  'res.end is wrapped after it': before['res.end is wrapped'],
  'res.end is wrapped after it, and waits': before['res.end is wrapped and waits'],
  'res.end is wrapped after it, and writes': (_req, res) =>
    wrap(res, 'end', (end, [chunk, encoding]) => {
      if (chunk) res.write(chunk, encoding)
      return end()
    }),
  'res.write is wrapped after it': before['res.write is wrapped'],
  'res.writeHead is wrapped after it': before['res.writeHead is wrapped'],
  'res.headersSent is defined after it': before['res.headersSent tells whether it has ended'],
  'res.statusCode is an accessor after it': before['res.statusCode is an accessor'],
  'res has another prototype after it': before['res has another prototype'],
  'req has another prototype after it': before['req has another prototype'],
  'req.session is a plain property': (req) => {
    const { session } = req
    delete (req as Partial<Req>).session
    Object.assign(req, { session })
  },
  'req.session is a Proxy': (req) => {
    const own = Object.getOwnPropertyDescriptor(req, 'session')
    let isRead = false
    let session: unknown
    const read = () => {
      if (!isRead) session = proxyOf(own?.get ? own.get.call(req) : own?.value)
      isRead = true
      return session
    }
    define(req, 'session', read, (value) => {
      isRead = true
      session = value
      own?.set?.call(req, value)
    })
  },
  'req.session is read through a wrapper': (req) => {
    const own = Object.getOwnPropertyDescriptor(req, 'session')
    if (!own) return
    const { get, set } = own
    let { value } = own
    define(
      req,
      'session',
      () => (get ? get.call(req) : value),
      (session) => {
        if (set) set.call(req, session)
        else value = session
      },
    )
  },
  'req.url is changed after it': (req) => Object.assign(req, { url: '/other', originalUrl: '/other' }),
} satisfies Record<string, Change>

export const ownProperties = [...Object.keys(before), ...Object.keys(after)] as OwnProperty[]

function define<T extends object>(
  object: T,
  name: string,
  get: () => unknown,
  set: (value: never) => void = () => {},
): T {
  return Object.defineProperty(object, name, { configurable: true, enumerable: true, get, set })
}

function keep(value: unknown) {
  return () => value
}

function proxyOf(session: unknown) {
  return typeof session === 'object' && session !== null ? new Proxy(session, {}) : session
}

type Call = (method: AnyFunction, args: Parameters<AnyFunction>) => unknown

function wrap(res: Res, name: keyof Res, call: Call) {
  const method = res[name] as AnyFunction
  Object.assign(res, {
    [name](this: unknown, ...args: Parameters<AnyFunction>) {
      return call(method.bind(this), args)
    },
  })
}

const pass: Call = (method, args) => method(...args)

function endLater(res: Res): Call {
  return (end, args) => {
    setImmediate(() => end(...args))
    return res
  }
}

function replacePrototype(object: Res | IncomingMessage) {
  Object.setPrototypeOf(object, Object.create(Object.getPrototypeOf(object)))
}
