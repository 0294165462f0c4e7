import type { RequestListener } from 'node:http'
import express from 'express'
import type { Layer, Next, Req, Res } from '../support/app'
import { SECRET } from '../support/settings'
import { parseCookies } from './client-cookies'
import { giveAnswer } from './give-answer'
import { describeError, type Journal } from './journal'
import type { ClientRequest, Program } from './program'
import { runStep } from './session-steps'

/** Returns the app for one request: the middleware, the script after it, and an error handler. */
export function createListener(
  program: Program,
  request: ClientRequest,
  middleware: Layer,
  journal: Journal,
): RequestListener {
  const script: Layer = (req, res) => runScript(request, req, res, journal)
  const onError = (error: unknown, res: Res) => {
    journal.write`next: ${describeError(error)}`
    answerError(res, error)
  }
  const prepare: Layer = (req, _res, next) => {
    if (program.options.secret === 'of req') req.secret = SECRET
    parseCookies(request.cookie, program.options.name ?? 'connect.sid', req)
    next()
  }
  const mounted = program.mount === 'twice' ? [middleware, middleware] : [middleware]
  if (program.host === 'node:http') return composeNode([prepare, ...mounted, script], onError)
  const path = program.mount === 'below /app' ? '/app' : '/'
  return composeExpress([[prepare], [path, ...mounted], [script]], onError)
}

type OnError = (error: unknown, res: Res) => void

async function runScript(request: ClientRequest, req: Req, res: Res, journal: Journal) {
  try {
    for (const step of request.steps) await runStep(step, req, journal)
    giveAnswer(res, request.answer)
  } catch (error) {
    journal.write`thrown: ${describeError(error)}`
    answerError(res, error)
  }
}

export function answerError(res: Res, error: unknown) {
  if (res.headersSent) return
  const text = describeError(error)
  res.statusCode = 500
  res.setHeader('Content-Length', Buffer.byteLength(text))
  res.end(text)
}

export function composeNode(layers: Layer[], onError: OnError): RequestListener {
  return (req, res) => {
    let index = 0
    const next: Next = (error) => {
      if (error) return onError(error, res)
      try {
        layers[index++]?.(req as Req, res, next)
      } catch (thrown) {
        onError(thrown, res)
      }
    }
    next()
  }
}

export function composeExpress(mounts: Array<Layer | string>[], onError: OnError): RequestListener {
  const app = express()
  app.set('trust proxy', true)
  for (const mount of mounts) app.use(...(mount as [string, express.RequestHandler]))
  app.use(((error, _req, res, _next) => onError(error, res)) satisfies express.ErrorRequestHandler)
  return app
}
