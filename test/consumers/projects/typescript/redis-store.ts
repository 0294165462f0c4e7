import session = require('sessionware')

import { RedisStore, type RedisStoreClient, type RedisStoreOptions } from 'sessionware/redis'

const client: RedisStoreClient = { command: async (...args: string[]) => args.length }
const options: RedisStoreOptions = { client, prefix: 'app:', ttl: 3_600_000 }
const store: session.Store = new RedisStore(options)
session({ secret: 'a secret', store })
session({ secret: 'a secret', store: new RedisStore({ client }) })

export async function answers(redis: RedisStore): Promise<number> {
  const record: session.SessionData | null = await redis.get('a')
  const outcome: boolean | session.SessionData = await redis.compareAndSet(
    'a',
    record ?? { cookie: { originalMaxAge: null } },
    undefined,
  )
  redis.get('a', (err, found) => String(err ?? found?.cookie.path))
  await redis.destroy('a')
  const all = await redis.all()
  return (await redis.length()) + all.filter(({ id }) => id !== 'a').length + Number(outcome === true)
}

// @ts-expect-error it needs a client
new RedisStore({})
// @ts-expect-error not a client
new RedisStore({ client: 'redis://127.0.0.1' })
// @ts-expect-error not an option
new RedisStore({ client, disableTouch: true })
