import { once } from 'node:events'
import net from 'node:net'
import type { InterruptibleServer, Lease } from '../contract'

/** Starts a TCP proxy to a server that the test must not stop; the proxy can be stopped instead. */
export async function startProxy(lease: Lease): Promise<InterruptibleServer> {
  const proxy = new TcpProxy(lease.url)
  proxy.server.listen(0, '127.0.0.1')
  await once(proxy.server, 'listening')
  const url = new URL(lease.url)
  url.hostname = '127.0.0.1'
  url.port = String((proxy.server.address() as net.AddressInfo).port)
  return {
    url,
    freeze: async () => proxy.freeze(),
    stop: async () => proxy.cut(),
    start: async () => proxy.restore(),
    async close() {
      proxy.cut()
      proxy.server.close()
      await once(proxy.server, 'close')
      await lease.close()
    },
  }
}

class TcpProxy {
  /** Listens also while the proxy is cut, so that its port stays reserved; new connections are then reset at once. */
  readonly server: net.Server
  readonly #sockets = new Set<net.Socket>()
  #state: 'open' | 'frozen' | 'cut' = 'open'

  constructor(to: URL) {
    this.server = net.createServer((near) => {
      if (this.#state === 'cut') {
        near.resetAndDestroy()
        return
      }
      const far = net.connect(Number(to.port), to.hostname)
      this.#forward(near, far)
      this.#forward(far, near)
    })
  }

  freeze() {
    this.#state = 'frozen'
  }

  cut() {
    this.#state = 'cut'
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  restore() {
    this.#state = 'open'
  }

  #forward(from: net.Socket, to: net.Socket) {
    this.#sockets.add(from)
    from.on('data', (chunk) => {
      if (this.#state === 'open') to.write(chunk)
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }
}
