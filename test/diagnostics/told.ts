import { type Diagnostic, explainSession, type SessionOptions } from '../../src'
import { isAdvice } from '../../src/diagnostics/codes'
import { express5Host, type Host, type Layer } from '../support/app'
import { ours } from '../support/implementations'
import { addSecret, mustHaveNoSecret, noteCookies } from './no-secrets'

/** A secret that no advice is given about. */
export const SECRET = 'fTjWnZr4u7x!A%D*G-KaPdSgVkXp2s5v'

export const RIGHT = { secret: SECRET, resave: false, saveUninitialized: false }

/** Makes a middleware that collects what it tells. */
export function toldBy(options: Partial<SessionOptions> = {}) {
  const told: Diagnostic[] = mustHaveNoSecret([])
  const diagnostics = (diagnostic: Diagnostic) => void told.push(diagnostic)
  addSecret(options.secret ?? SECRET)
  const middleware = ours({ ...RIGHT, ...options, diagnostics }) as unknown as Layer
  return { told, middleware }
}

/** Serves the layers with such a middleware, and explains each request, so that what is said of it has no secret either. */
export function toldApp(options: Partial<SessionOptions>, layers: Layer[], host: Host = express5Host) {
  const { told, middleware } = toldBy(options)
  const app = host.serve(noteCookies, explainAtEnd, middleware, ...layers)
  return {
    ...app,
    /** The diagnostics so far, without advice. */
    wrong: () => told.filter(({ code }) => !isAdvice(code)),
    advice: () => told.filter(({ code }) => isAdvice(code)),
  }
}

export const change: Layer = (req, res) => {
  req.session.views = (req.session.views ?? 0) + 1
  res.end('ok')
}

const explainAtEnd: Layer = (req, res, next) => {
  res.once('close', () => mustHaveNoSecret(explainSession(req)))
  next()
}
