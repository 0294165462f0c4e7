import type { Lease, Server } from '../contract'
import { killProcess, startAnywhere, startProcess } from './own-process'
import { reach } from './reach'
import { startProxy } from './tcp-proxy'

export const memcached: Server = {
  lease,
  interruptible: async () => startProxy(await lease()),
}

/** By default a separate memcached process, because the store's clear() empties the whole server. */
async function lease(): Promise<Lease> {
  if (process.env.MEMCACHED) return reach('MEMCACHED', 'memcached://127.0.0.1:11211')
  const [url, child] = await startAnywhere('memcached', (url) => {
    const args = ['-u', 'nobody', '-l', url.hostname, '-p', url.port, '-U', '0', '-m', '16']
    return startProcess('memcached', args, url)
  })
  return { url, description: 'a separate memcached process', close: () => killProcess(child) }
}
