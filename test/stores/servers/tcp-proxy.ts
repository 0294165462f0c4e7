import { once } from 'node:events'
import net from 'node:net'
import type { InterruptibleServer, Lease } from '../contract'

/** A way to a server that can be cut, for servers which the test may not stop. */
export async function startProxy(lease: Lease): Promise<InterruptibleServer> {
  const links = new Set<net.Socket>()
  let isFrozen = false
  const server = net.createServer((near) => {
    const far = net.connect(Number(lease.url.port), lease.url.hostname)
    join(near, far, () => isFrozen)
    for (const socket of [near, far]) links.add(socket.once('close', () => links.delete(socket)))
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as net.AddressInfo).port
  }
  const url = new URL(lease.url)
  url.hostname = '127.0.0.1'
  url.port = String(await listen(0))
  const stop = async () => {
    if (!server.listening) return
    server.close()
    for (const socket of links) socket.resetAndDestroy()
    await once(server, 'close')
  }
  return {
    url,
    freeze: async () => {
      isFrozen = true
    },
    stop,
    async start() {
      isFrozen = false
      if (!server.listening) await listen(Number(url.port))
    },
    async close() {
      await stop()
      await lease.close()
    },
  }
}

function join(near: net.Socket, far: net.Socket, isFrozen: () => boolean) {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on('data', (chunk) => void (isFrozen() || to.write(chunk)))
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
  }
}
