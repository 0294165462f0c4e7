import { createServer, type RequestListener } from 'node:http'
import { type Duplex, duplexPair } from 'node:stream'
import { type RawResponse, takeResponse } from '../../support/raw-response'

/** An HTTP server whose connections exist in memory: nothing on them depends on the time. */
export class MemoryServer {
  readonly #server

  constructor(listener: RequestListener) {
    this.#server = createServer({ keepAliveTimeout: 0 }, listener)
  }

  connect(onActivity: () => void): MemoryConnection {
    const [client, server] = duplexPair()
    this.#server.emit('connection', server)
    return new MemoryConnection(client, server, onActivity)
  }
}

/** The client's end of a connection. */
export class MemoryConnection {
  /** All bytes received, as latin1. */
  received = ''
  /** The server has closed the connection. */
  isClosed = false
  onFirstByte: () => void = () => {}
  readonly #client: Duplex
  readonly #server: Duplex

  constructor(client: Duplex, server: Duplex, onActivity: () => void) {
    this.#client = client
    this.#server = server
    client.setEncoding('latin1')
    client.on('data', (text: string) => {
      if (!this.received) this.onFirstByte()
      this.received += text
      onActivity()
    })
    const close = () => {
      this.isClosed = true
      onActivity()
    }
    client.on('end', close)
    client.on('error', () => {})
    server.on('error', () => {})
    server.on('close', close)
  }

  send(path: string, headers: string[]): void {
    this.#client.write([`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n'))
  }

  /** Resets the connection. */
  leave(): void {
    this.#server.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
    this.#client.destroy()
  }

  /** The response, once it is complete. */
  get response(): RawResponse | undefined {
    return takeResponse(this.received, 'GET', this.isClosed)?.response
  }
}
