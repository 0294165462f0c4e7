import { once } from 'node:events'
import net from 'node:net'

/**
 * Waits until all bytes that were written to a socket before this call have arrived: client and server are
 * in this process, so earlier bytes arrive before a later exchange ends.
 */
export async function roundTrip(times = 3): Promise<void> {
  const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  for (let i = 0; i < times; i++) {
    socket.write('x')
    await once(socket, 'data')
  }
  socket.destroy()
  server.close()
}
