import type { Layer, Req } from './app'

export const answer: Layer = (_req, res) => res.end('ok')

export const showId: Layer = (req, res) => res.end(req.sessionID)

export const countViews: Layer = (req, res) => {
  req.session.views = (req.session.views ?? 0) + 1
  res.end(String(req.session.views))
}

/** Stores the value in the session before it answers. */
export function setValue(value: unknown): Layer {
  return (req, res) => {
    req.session.value = value
    res.end('ok')
  }
}

/** Returns a handler that answers with the function's result for the request, as JSON. */
export function show(say: (req: Req) => unknown): Layer {
  return (req, res) => res.end(JSON.stringify(say(req)))
}
