import { once } from 'node:events'
import net from 'node:net'

/** Reads the expiry of a key from memcached's dump of all keys: lines of "key=... exp=1700000000 la=...", then END. */
export async function expiryIn(url: URL, key: string): Promise<number | undefined> {
  const socket = net.connect(Number(url.port), url.hostname).setEncoding('latin1')
  socket.write('lru_crawler metadump all\r\n')
  let dump = ''
  while (!dump.endsWith('END\r\n')) dump += (await once(socket, 'data'))[0]
  socket.destroy()
  const line = dump.split('\n').find((each) => each.startsWith(`key=${encodeURIComponent(key)} `))
  const seconds = line && /exp=(\d+)/.exec(line)?.[1]
  return seconds === undefined || seconds === '' ? undefined : Number(seconds) * 1000
}
