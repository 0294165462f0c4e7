import { MongoClient } from 'mongodb'
import type { AnyStore, OpenStore, StoreKind } from '../contract'
import { loadStore } from '../load-store'
import { mongo } from '../servers'
import { uniqueName } from './unique-name'

type MongoStore = new (options: object) => AnyStore

const TIMEOUT = 5_000

export const connectMongo: StoreKind = {
  name: 'connect-mongo 6',
  abilities: ['touch', 'all', 'length', 'clear'],
  server: mongo,
  async open(base, url): Promise<OpenStore> {
    const { MongoStore } = loadStore<{ MongoStore: MongoStore }>('connect-mongo', base)
    const client = new MongoClient(url.href, {
      directConnection: true,
      serverSelectionTimeoutMS: TIMEOUT,
      heartbeatFrequencyMS: 500,
    })
    await client.connect()
    const collectionName = uniqueName()
    const sessions = client.db().collection<{ _id: string; expires: Date }>(collectionName)
    const store = new MongoStore({ client, collectionName })
    return {
      store,
      expiryOf: async (sid) => (await sessions.findOne({ _id: sid }))?.expires.getTime(),
      async close() {
        await sessions.drop()
        await client.close()
      },
    }
  },
}
