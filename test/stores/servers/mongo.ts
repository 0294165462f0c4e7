import type { Lease, Server } from '../contract'
import { startMongoServer } from './mongo-server'
import { reach } from './reach'
import { startProxy } from './tcp-proxy'

export const mongo: Server = {
  lease,
  interruptible: async () => startProxy(await lease()),
}

async function lease(): Promise<Lease> {
  if (process.env.MONGO_URL) {
    const real = await reach('MONGO_URL', 'mongodb://127.0.0.1:27017/test')
    return { ...real, description: `the mongod of ${real.description}` }
  }
  const server = await startMongoServer()
  const description = 'NO REAL MONGOD: a test server with the wire protocol, because MONGO_URL is not set'
  return { url: new URL(`mongodb://127.0.0.1:${server.port}/test`), description, close: server.close }
}
