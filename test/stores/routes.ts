import { type RequestHandler, Router } from 'express'
import { readOnly } from '../../src'
import type { Req } from '../support/app'

type Handler = (req: Req, answer: (err?: unknown) => void, query: URLSearchParams) => unknown

const handlers: Record<string, Handler> = {
  '/read': (_req, answer) => answer(),
  '/poll': (req, answer) => {
    readOnly(req)
    answer()
  },
  '/write': (req, answer, query) => {
    Object.assign(req.session, JSON.parse(query.get('data') ?? '{}'))
    if (query.has('maxAge')) req.session.cookie.maxAge = Number(query.get('maxAge'))
    answer()
  },
  '/regenerate': (req, answer) => {
    req.session.regenerate((err) => {
      if (!err) req.session.value = 'after'
      answer(err)
    })
  },
  '/renew': (req, answer) => {
    req.session.regenerate({ keep: true }, answer)
  },
  '/destroy': (req, answer) => {
    req.session.destroy(answer)
  },
  '/reload': (req, answer) => {
    req.session.value = 'never saved'
    req.session.reload(answer)
  },
  '/save-twice': (req, answer) => {
    req.session.value = 'first'
    req.session.save((err) => {
      if (err) return answer(err)
      req.session.value = 'second'
      req.session.save(answer)
    })
  },
}

/** The actions that a browser can do with its session; each response has the session's id and data. */
export function routes(meanwhile: () => Promise<void>): Router {
  const router = Router()
  for (const [path, handler] of Object.entries(handlers)) router.get(path, asMiddleware(handler))
  const interrupted: Handler = async (req, answer) => {
    await meanwhile()
    req.session.value = 'during'
    answer()
  }
  return router.get('/interrupted', asMiddleware(interrupted))
}

function asMiddleware(handler: Handler): RequestHandler {
  return (request, res, next) => {
    const req = request as unknown as Req
    const query = new URL(req.url ?? '', 'http://localhost').searchParams
    return handler(req, (err) => (err ? next(err) : res.json(seen(req))), query)
  }
}

function seen(req: Req) {
  const { cookie, ...data } = req.session ?? {}
  return { id: req.sessionID, data }
}
