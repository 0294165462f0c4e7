const assert = require('node:assert/strict')
const { once } = require('node:events')
const express = require('express')

/** Starts an app with this middleware, and checks that the second request of a client gets the same session. */
module.exports = async function visitTwice(middleware) {
  const app = express()
  app.use(middleware)
  app.get('/', (req, res) => {
    req.session.visits = (req.session.visits ?? 0) + 1
    res.json(req.session.visits)
  })

  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}/`
  const first = await fetch(url)
  const [cookie] = first.headers.getSetCookie()
  const second = await fetch(url, { headers: { cookie: cookie.split(';')[0] } })
  assert.deepEqual([await first.json(), await second.json()], [1, 2])
  server.closeAllConnections()
  server.close()
}
