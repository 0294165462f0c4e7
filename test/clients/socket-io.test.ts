import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Req } from '../support/app'
import type { SessionModule } from '../support/implementations'
import { libraries } from '../support/libraries'
import { logInAt } from './log-in'
import { startLoginApp } from './login-app'

const transports = ['polling', 'websocket'] as const

describe.each(libraries)('socket.io with $library', ({ session }) => {
  it.each(transports)('finds the user who logged in over HTTP, with %s', async (transport) => {
    const { port } = await startSockets(session)
    expect(await askWho(port, transport, await logInAt(port))).toBe('ada')
  })

  it.each(transports)('finds no user without a cookie, with %s', async (transport) => {
    const { port, store } = await startSockets(session)
    expect(await askWho(port, transport)).toBe('nobody')
    expect(store.records.size).toBe(0)
  })
})

async function startSockets(session: SessionModule) {
  const app = await startLoginApp(session)
  const sockets = new Server(app.server)
  onTestFinished(() => void sockets.close())
  sockets.engine.use(app.middleware)
  sockets.on('connection', (socket) => {
    const { session: live } = socket.request as Req
    socket.on('who', (answer) => answer(live.user ?? 'nobody'))
  })
  return app
}

async function askWho(port: number, transport: string, cookie = '') {
  const client = io(`http://127.0.0.1:${port}`, {
    transports: [transport],
    extraHeaders: { cookie },
    forceNew: true,
    reconnection: false,
  })
  onTestFinished(() => void client.disconnect())
  await new Promise<void>((resolve, reject) => client.once('connect', resolve).once('connect_error', reject))
  return client.timeout(20_000).emitWithAck('who')
}
