import { createServer, ServerResponse } from 'node:http'
import session from 'sessionware'

const middleware = session({ secret: 'a secret', resave: false, saveUninitialized: false })

export const server = createServer((req, res) =>
  middleware(req, res, (err?: unknown) => res.end(String(err))),
)

server.on('upgrade', (req) => middleware(req, new ServerResponse(req), () => {}))

// @ts-expect-error not a request
middleware('a request', {}, () => {})
