import type { RequestListener } from 'node:http'
import express from 'express'
import type { Layer, Next, Req, Res } from '../support/app'
import { giveAnswer } from './give-answer'
import { describeError, type Journal } from './journal'
import type { ClientRequest, Program } from './program'
import { runStep } from './session-steps'

/** The app of one request: the middleware, the script behind it, and an error handler that keeps the connection. */
export function createListener(
  program: Program,
  request: ClientRequest,
  middleware: Layer,
  journal: Journal,
): RequestListener {
  const script = (req: Req, res: Res) => runScript(request, req, res, journal)
  const onError = (error: unknown, res: Res) => {
    journal.write`next: ${describeError(error)}`
    answerError(res, error)
  }
  const compose = program.host === 'Express 5' ? composeExpress : composeNode
  return compose(middleware, script, onError)
}

type Script = (req: Req, res: Res) => Promise<void>
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

function answerError(res: Res, error: unknown) {
  if (res.headersSent) return
  res.statusCode = 500
  res.end(describeError(error))
}

function composeNode(middleware: Layer, script: Script, onError: OnError): RequestListener {
  return (req, res) => {
    const next: Next = (error) => (error ? onError(error, res) : void script(req as Req, res))
    try {
      middleware(req as Req, res, next)
    } catch (error) {
      onError(error, res)
    }
  }
}

function composeExpress(middleware: Layer, script: Script, onError: OnError): RequestListener {
  const app = express()
  app.set('trust proxy', true)
  app.use(middleware as never)
  app.use(script as never)
  app.use(((error, _req, res, _next) => onError(error, res)) satisfies express.ErrorRequestHandler)
  return app
}
