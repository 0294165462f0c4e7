import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Req } from '../support/app'
import type { SessionModule } from '../support/implementations'
import { libraries } from '../support/libraries'
import { logInAt } from './log-in'
import { startLoginApp } from './login-app'

describe.each(libraries)('a WebSocket upgrade with $library', ({ session }) => {
  it('finds the user who logged in over HTTP', async () => {
    const { port } = await startChat(session)
    expect(await say(port, 'hello', await logInAt(port))).toBe('ada says hello')
  })

  it('finds no user without a cookie, and saves nothing', async () => {
    const { port, store } = await startChat(session)
    expect(await say(port, 'hello')).toBe('nobody says hello')
    expect(store.records.size).toBe(0)
  })

  it('saves changes when the socket handler calls save', async () => {
    const { port, store } = await startChat(session)
    const cookie = await logInAt(port)
    await say(port, 'count me', cookie)
    expect([...store.records.values()].map((json) => JSON.parse(json).views)).toEqual([1])
  })
})

async function startChat(session: SessionModule) {
  const app = await startLoginApp(session)
  const sockets = new WebSocketServer({ noServer: true })
  onTestFinished(() => sockets.close())
  app.server.on('upgrade', (req, socket, head) => {
    app.middleware(req as Req, {} as never, (err) => {
      if (err) return void socket.destroy()
      sockets.handleUpgrade(req, socket, head, (client) => serve(client, req as Req))
    })
  })
  return app
}

function serve(client: WebSocket, req: Req) {
  client.on('message', (data) => {
    req.session.views = (req.session.views ?? 0) + 1
    const answer = () => client.send(`${req.session.user ?? 'nobody'} says ${data}`)
    if (req.session.user) req.session.save(answer)
    else answer()
  })
}

async function say(port: number, text: string, cookie = '') {
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { headers: { cookie } })
  onTestFinished(() => client.terminate())
  await once(client, 'open')
  client.send(text)
  const [answer] = await once(client, 'message')
  client.close()
  return String(answer)
}
