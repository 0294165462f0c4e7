// failOnSaveError in plain node:http and HTTP/2: the client gets the error handler's answer, and nothing of the response.
const assert = require('node:assert')
const { once } = require('node:events')
const { createReadStream, statSync } = require('node:fs')
const http = require('node:http')
const http2 = require('node:http2')
const session = require('sessionware')

class FailingStore extends session.Store {
  get(_sid, done) {
    setImmediate(done)
  }
  set(_sid, _session, done) {
    setImmediate(done, new Error('READONLY'))
  }
  destroy(_sid, done) {
    setImmediate(done)
  }
}

const pages = {
  json(res) {
    res.setHeader('Content-Type', 'application/json')
    res.setHeader('ETag', '"1"')
    res.end('{"page":true}')
  },
  redirect(res) {
    res.writeHead(302, { Location: '/home' })
    res.end()
  },
  file(res) {
    res.setHeader('Content-Length', statSync(__filename).size)
    createReadStream(__filename).pipe(res)
  },
  stream(res) {
    res.setHeader('ETag', '"1"')
    setImmediate(() => res.end('late page'))
  },
  begun(res) {
    res.write('page, ')
    setTimeout(() => res.end('page'), 100)
  },
}

const sessions = session({
  secret: 'replace this with 32 random bytes',
  store: new FailingStore(),
  resave: false,
  saveUninitialized: false,
  failOnSaveError: true,
})

function listener(req, res) {
  sessions(req, res, (err) => {
    if (err) {
      if (res.headersSent) return
      res.statusCode = 503
      res.setHeader('Content-Type', 'text/plain')
      return res.end(`error page: ${err.message}`)
    }
    req.session.user = 'ada'
    pages[req.url.slice(1)](res)
  })
}

async function askHttp1(port, page) {
  const request = http.get({ port, host: '127.0.0.1', path: `/${page}` })
  const [response] = await once(request, 'response')
  const body = await textOf(response).catch(() => 'cut')
  return { status: response.statusCode, headers: response.headers, body }
}

async function askHttp2(client, page) {
  const stream = client.request({ ':path': `/${page}` })
  const [headers] = await once(stream, 'response')
  return { status: headers[':status'], headers, body: await textOf(stream).catch(() => 'cut') }
}

async function textOf(stream) {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}

function check(page, { status, headers, body }) {
  assert.deepStrictEqual([page, status, body], [page, 503, 'error page: READONLY'])
  for (const name of ['etag', 'location', 'set-cookie']) assert.strictEqual(headers[name], undefined, page)
  assert.strictEqual(headers['content-type'], 'text/plain')
}

async function main() {
  const server = http.createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  for (const page of ['json', 'redirect', 'file', 'stream']) check(page, await askHttp1(port, page))
  assert.strictEqual((await askHttp1(port, 'begun')).body, 'cut')
  server.close()
  server.closeAllConnections()

  const server2 = http2.createServer(listener).listen(0, '127.0.0.1')
  await once(server2, 'listening')
  const client = http2.connect(`http://127.0.0.1:${server2.address().port}`)
  for (const page of ['json', 'stream']) check(page, await askHttp2(client, page))
  client.close()
  server2.close()
  console.log('works')
}

main()
