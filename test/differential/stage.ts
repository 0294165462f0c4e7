import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'

const PATIENCE = 10_000

export interface Sent {
  method: string
  path: string
  headers: Record<string, string>
}

export interface Received {
  status: string
  headers: [name: string, value: string][]
  body: string
}

/** A server and a keep-alive client, on which the programs run one after another. */
export class Stage {
  listener: RequestListener = () => {}
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #server = createServer({ keepAliveTimeout: 0 }, (req, res) => this.listener(req, res))

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  close(): void {
    this.#agent.destroy()
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** Resolves to the whole response, or to the reason why there is none. */
  async send({ method, path, headers }: Sent): Promise<Received | string> {
    const { port } = this.#server.address() as AddressInfo
    const signal = AbortSignal.timeout(PATIENCE)
    try {
      const options = { host: '127.0.0.1', port, agent: this.#agent, method, path, headers, signal }
      const [response] = (await once(request(options).end(), 'response')) as [IncomingMessage]
      return await receive(response)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error)
    }
  }
}

async function receive(response: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const { statusCode, statusMessage, rawHeaders } = response
  return {
    status: `${statusCode} ${statusMessage}`,
    headers: rawHeaders.flatMap((name, i) => (i % 2 ? [] : [[name, rawHeaders[i + 1] ?? '']])),
    body: Buffer.concat(chunks).toString('latin1'),
  }
}
