import { connect, type Socket } from 'node:net'

/** Where requests go to, and the one request that is sent again and again. */
export interface Target {
  port: number
  path: string
  headers: Record<string, string>
}

const CONNECTIONS = 20

/** How many requests one connection sends before it has an answer. */
const PIPELINED = 10

/**
 * Sends this many requests over keep-alive connections, pipelined, so that the server is never idle: waking up for a single
 * request costs more than the whole session. Resolves to the seconds it took. Rejects for any answer but 200.
 */
export async function sendAll(target: Target, amount: number): Promise<number> {
  const started = process.hrtime.bigint()
  let left = amount
  const connections = await openAll(target)
  const finished = connections.map(
    (connection) =>
      new Promise<void>((resolve, reject) => {
        let pending = 0
        const sendNext = (most: number) => {
          const count = Math.min(most, left)
          left -= count
          pending += count
          if (count > 0) connection.send(count)
          else if (pending === 0) resolve()
        }
        connection.onFailure = reject
        connection.onAnswers = (count) => {
          pending -= count
          sendNext(count)
        }
        sendNext(PIPELINED)
      }),
  )
  await closeAfter(connections, Promise.all(finished))
  return Number(process.hrtime.bigint() - started) / 1e9
}

/**
 * Sends requests at a constant rate, whether or not earlier ones were answered (open loop), and resolves to their
 * latencies in ms. A latency counts from the moment at which the request was due, so a busy server cannot hide its queue.
 */
export async function sendAtRate(target: Target, rate: number, seconds: number): Promise<number[]> {
  const connections = await openAll(target)
  const latencies: number[] = []
  const amount = Math.floor(rate * seconds)
  const finished = new Promise<void>((resolve, reject) => {
    const started = performance.now()
    let sent = 0
    for (const connection of connections) {
      connection.onFailure = reject
      connection.onAnswers = (count) => {
        const now = performance.now()
        for (const due of connection.due.splice(0, count)) latencies.push(now - due)
        if (latencies.length === amount) resolve()
      }
    }
    const sendDue = () => {
      const now = performance.now()
      for (let due = started + (sent * 1000) / rate; due <= now && sent < amount; ) {
        const connection = connections[sent % connections.length] as Connection
        connection.due.push(due)
        connection.send(1)
        due = started + (++sent * 1000) / rate
      }
      if (sent < amount) setTimeout(sendDue, 1)
    }
    sendDue()
  })
  await closeAfter(connections, finished)
  return latencies
}

/**
 * Waits for the answers without sleeping. Waking up a client that sleeps takes the server longer than a session does (5 us
 * and more in a virtual machine), and the slower server would have to do it more often.
 */
async function closeAfter(connections: Connection[], finished: Promise<unknown>) {
  let isDone = false
  const stayAwake = () => {
    if (!isDone) setImmediate(stayAwake)
  }
  stayAwake()
  try {
    await finished
  } finally {
    isDone = true
    for (const { socket } of connections) socket.destroy()
  }
}

function openAll(target: Target): Promise<Connection[]> {
  return Promise.all(Array.from({ length: CONNECTIONS }, () => open(target)))
}

function open({ port, path, headers }: Target): Promise<Connection> {
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const request = `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(new Connection(socket, request)))
    socket.once('error', reject)
  })
}

const STATUS_LINE = 'HTTP/1.1 '

/** Counts the answers by their status lines, which no answer of the benchmark has in its body. */
class Connection {
  onAnswers: (count: number) => void = () => {}
  onFailure: (err: Error) => void = () => {}
  /** When the requests that wait for an answer were due. */
  readonly due: number[] = []
  /** The end of the last chunk, in case that a status line was cut in two. */
  private rest = ''

  constructor(
    readonly socket: Socket,
    private readonly request: string,
  ) {
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: unknown) => this.read(String(chunk)))
    socket.on('error', (err) => this.onFailure(err))
    socket.on('end', () => this.onFailure(new Error('the server closed the connection')))
  }

  send(count: number) {
    this.socket.write(this.request.repeat(count))
  }

  private read(chunk: string) {
    const text = this.rest + chunk
    let count = 0
    let after = 0
    for (let at = text.indexOf(STATUS_LINE); at >= 0; at = text.indexOf(STATUS_LINE, after)) {
      const status = text.slice(at + STATUS_LINE.length, at + STATUS_LINE.length + 3)
      if (status.length < 3) break
      if (status !== '200') return this.onFailure(new Error(`the server answered ${text.slice(at)}`))
      after = at + STATUS_LINE.length
      count++
    }
    this.rest = text.slice(Math.max(after, text.length - STATUS_LINE.length - 2))
    if (count > 0) this.onAnswers(count)
  }
}
