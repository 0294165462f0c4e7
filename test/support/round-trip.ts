import { once } from 'node:events'
import net from 'node:net'

/**
 * Waits until bytes that were written before this call must have arrived: both ends live in this
 * process, so whatever a socket was given reaches its reader before a later exchange is over.
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
