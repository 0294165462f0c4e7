const { createServer } = require('node:http')
const { text } = require('node:stream/consumers')
const { handler } = require('./handler')

const { HOST = '127.0.0.1', PORT = 3000 } = process.env

// Simulates API Gateway on this machine: an HTTP API with payload version 2.0, behind TLS.
const server = createServer(async (req, res) => {
  const { statusCode, headers, cookies = [], body, isBase64Encoded } = await handler(await eventOf(req), {})
  res.writeHead(statusCode, { ...headers, 'set-cookie': cookies })
  res.end(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'))
})

async function eventOf(req) {
  const { pathname, search } = new URL(req.url, 'http://localhost')
  const { cookie, ...headers } = req.headers
  return {
    version: '2.0',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    cookies: cookie?.split('; '),
    headers: { ...headers, 'x-forwarded-proto': 'https' },
    requestContext: {
      stage: '$default',
      http: { method: req.method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
    },
    body: await text(req),
    isBase64Encoded: false,
  }
}

server.listen(Number(PORT), HOST, () => {
  console.log(`Open http://${HOST}:${server.address().port}`)
})
