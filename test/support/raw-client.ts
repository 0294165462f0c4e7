import { once } from 'node:events'
import net from 'node:net'
import { onTestFinished } from 'vitest'
import { type RawResponse, takeResponse } from './raw-response'

const PATIENCE = 60_000

/** From this many bytes on, a response is not parsed again at each packet. */
const LARGE = 100_000

/** A TCP client that shows which bytes have been received so far. */
export class RawConnection {
  /** All bytes received from the server, as latin1. */
  received = ''
  closed = false
  readonly #socket: net.Socket
  readonly #methods: string[] = []
  #taken = 0

  constructor(socket: net.Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      this.received += text
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.closed = true
    })
  }

  /** Sends a request, and lines such as `Cookie: a=b`; requests sent before an answer are pipelined. */
  request(target: string, ...headers: string[]): this {
    const [method = '', path, version = 'HTTP/1.1'] = target.split(' ')
    this.#methods.push(method)
    this.#socket.write([`${method} ${path} ${version}`, 'Host: localhost', ...headers, '', ''].join('\r\n'))
    return this
  }

  write(text: string): void {
    this.#socket.write(text)
  }

  /** Resolves to the head of the first response as soon as it is received. */
  async head(): Promise<string> {
    await this.#until(() => this.received.includes('\r\n\r\n'), 'response head')
    return this.received.slice(0, this.received.indexOf('\r\n\r\n'))
  }

  /** Resolves when `text` has been received. */
  async text(text: string): Promise<void> {
    await this.#until(() => this.received.includes(text), `"${text}"`)
  }

  /** Resolves to the next complete response. */
  async response(): Promise<RawResponse> {
    const method = this.#methods.shift() ?? 'GET'
    const take = () => takeResponse(this.received.slice(this.#taken), method, this.closed)
    await this.#until(() => take() !== undefined, 'complete response')
    const framed = take()
    if (!framed) throw new Error('unreachable')
    this.#taken = this.received.length - framed.rest.length
    return framed.response
  }

  async close(): Promise<void> {
    await this.#until(() => this.closed, 'end of the connection')
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Resets the connection, as a client that was closed does. */
  abort(): void {
    this.#socket.resetAndDestroy()
  }

  #until(isDone: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new Error(`timeout: received no ${what}`)), PATIENCE)
      const settle = (error?: Error) => {
        clearTimeout(timer)
        clearTimeout(later)
        this.#socket.off('data', onData).off('close', check)
        if (error) reject(new Error(`${error.message}; received: ${JSON.stringify(this.received)}`))
        else resolve()
      }
      const check = () => {
        if (isDone()) settle()
        else if (this.closed) settle(new Error(`the connection closed without: ${what}`))
      }
      let later: NodeJS.Timeout | undefined
      const onData = () => {
        if (this.received.length < LARGE) return check()
        clearTimeout(later)
        later = setTimeout(check, 5)
      }
      this.#socket.on('data', onData).on('close', check)
      check()
    })
  }
}

export async function connect(port: number): Promise<RawConnection> {
  const socket = net.connect(port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
  })
  await once(socket, 'connect')
  return new RawConnection(socket)
}

/** Sends one request on a new connection and resolves to the response. */
export async function rawRequest(port: number, target: string, ...headers: string[]): Promise<RawResponse> {
  const connection = await connect(port)
  return connection.request(target, ...headers).response()
}
