import { once } from 'node:events'
import net from 'node:net'
import type { InterruptibleServer, Lease } from '../contract'

/** A way to a server that can be cut, for servers which the test may not stop. */
export async function startProxy(lease: Lease): Promise<InterruptibleServer> {
  const way = new InterruptibleWay(lease.url)
  way.server.listen(0, '127.0.0.1')
  await once(way.server, 'listening')
  const url = new URL(lease.url)
  url.hostname = '127.0.0.1'
  url.port = String((way.server.address() as net.AddressInfo).port)
  return {
    url,
    freeze: async () => way.freeze(),
    stop: async () => way.cut(),
    start: async () => way.mend(),
    async close() {
      way.cut()
      way.server.close()
      await once(way.server, 'close')
      await lease.close()
    },
  }
}

class InterruptibleWay {
  /** It keeps its port when it is cut, lest somebody else takes it: who connects then is reset at once. */
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

  mend() {
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
