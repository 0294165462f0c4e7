import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { cookieOf, runExample } from '../../examples/use-example'
import { logIn, sendForm } from './log-in'

// Logouts are noticed at once, not by the look at the store.
const options = { packages: 'test/clients', env: { CHECK_PERIOD: '60000' } }

describe('the ws example', () => {
  const { visit, addressOf } = runExample('ws', options)

  function open(headers: Record<string, string>) {
    const client = new WebSocket(addressOf().replace('http', 'ws'), { headers })
    // Ending a socket that was refused is an error of it.
    onTestFinished(() => client.on('error', () => {}).terminate())
    return client
  }

  async function openFor(cookie: string) {
    const client = open({ cookie })
    await once(client, 'open')
    return client
  }

  async function say(client: WebSocket, text: string) {
    client.send(text)
    const [data] = await once(client, 'message')
    return JSON.parse(String(data))
  }

  it('reads, changes and saves the session', async () => {
    const cookie = await logIn(visit, { name: 'Ada' })
    const client = await openFor(cookie)
    expect(await say(client, 'one')).toEqual({ from: 'Ada', text: 'one', sent: 1 })
    expect(await say(client, 'two')).toEqual({ from: 'Ada', text: 'two', sent: 2 })
    expect(await (await visit('/', { headers: { cookie } })).text()).toContain('<output id="sent">2</output>')
  })

  it('counts the messages of two sockets of one session that are sent at the same time', async () => {
    const cookie = await logIn(visit, { name: 'Ada' })
    const clients = [await openFor(cookie), await openFor(cookie)]
    const received: number[] = []
    clients[0]?.on('message', (data) => received.push(JSON.parse(String(data)).sent))
    for (let count = 0; count < 5; count++) for (const client of clients) client.send('hello')
    while (received.length < 10) await once(clients[0] as WebSocket, 'message')
    expect(received.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('closes the sockets of a session at its logout, and no others', async () => {
    const [ada, eve] = [await logIn(visit, { name: 'Ada' }), await logIn(visit, { name: 'Eve' })]
    const [first, second, other] = [await openFor(ada), await openFor(ada), await openFor(eve)]
    const closed = Promise.all([once(first, 'close'), once(second, 'close')])
    await sendForm(visit, '/logout', {}, { cookie: ada })
    expect((await closed).map(([code]) => code)).toEqual([4401, 4401])
    expect(await say(other, 'still here')).toMatchObject({ from: 'Eve', sent: 1 })
  })

  it.each([
    ['without a session', 401, async () => ({})],
    [
      'from another site',
      403,
      async () => ({ cookie: await logIn(visit, { name: 'Ada' }), origin: 'https://evil.example' }),
    ],
  ])('refuses an upgrade %s', async (_what, status, headersOf) => {
    const [, response] = await once(open(await headersOf()), 'unexpected-response')
    expect(response.statusCode).toBe(status)
  })
})

describe.each(['ws', 'socket.io'])('the %s example, when a session expires', (name) => {
  const { visit, addressOf, pass } = runExample(name, {
    ...options,
    env: { CHECK_PERIOD: '50' },
    isTimed: true,
  })

  it('closes the socket at the next look at the store', async () => {
    const cookie = await logIn(visit, { name: 'Ada' })
    const headers = { cookie }
    const client =
      name === 'ws' ? new WebSocket(addressOf(), { headers }) : io(addressOf(), { extraHeaders: headers })
    onTestFinished(() => void client.close())
    const on = (event: string) => new Promise((resolve) => (client as WebSocket).once(event, resolve))
    await on(name === 'ws' ? 'open' : 'connect')
    const closed = on(name === 'ws' ? 'close' : 'disconnect')
    await pass(2 * 60 * 60 * 1000)
    expect([4401, 'io server disconnect']).toContain(await closed)
  })
})

describe('the socket.io example', () => {
  const { visit, addressOf } = runExample('socket.io', options)

  async function open(cookie: string, transport: 'websocket' | 'polling') {
    const socket = io(addressOf(), {
      transports: [transport],
      extraHeaders: { cookie },
      forceNew: true,
      reconnection: false,
    })
    onTestFinished(() => void socket.disconnect())
    await new Promise((resolve, reject) =>
      socket.once('connect', () => resolve(0)).once('connect_error', reject),
    )
    return socket
  }

  function say(socket: Socket, text: string): Promise<unknown> {
    const answer = new Promise((resolve) => socket.once('said', resolve))
    socket.emit('say', text)
    return answer
  }

  it.each(['websocket', 'polling'] as const)(
    'reads, changes and saves the session, by %s',
    async (transport) => {
      const cookie = await logIn(visit, { name: 'Ada' })
      const socket = await open(cookie, transport)
      expect(await say(socket, 'one')).toEqual({ from: 'Ada', text: 'one', sent: 1 })
      expect(await say(socket, 'two')).toEqual({ from: 'Ada', text: 'two', sent: 2 })
      expect(await (await visit('/', { headers: { cookie } })).text()).toContain(
        '<output id="sent">2</output>',
      )
    },
  )

  it('disconnects the sockets of a session at its logout, and no others', async () => {
    const [ada, eve] = [await logIn(visit, { name: 'Ada' }), await logIn(visit, { name: 'Eve' })]
    const [first, other] = [await open(ada, 'websocket'), await open(eve, 'polling')]
    const reason = new Promise((resolve) => first.once('disconnect', resolve))
    const logout = await sendForm(visit, '/logout', {}, { cookie: ada })
    expect([await reason, cookieOf(logout)]).toEqual(['io server disconnect', 'sid='])
    expect(await say(other, 'still here')).toMatchObject({ from: 'Eve', sent: 1 })
  })

  it('refuses a connection without a session', async () => {
    await expect(open('', 'websocket')).rejects.toThrow('not logged in')
  })
})
