import connectPgSimple from 'connect-pg-simple'
import { RedisStore } from 'connect-redis'
import { createClient } from 'redis'
import session, { hashIds, type Store, sessionsOf } from 'sessionware'
import { conditional } from 'sessionware/postgres'
import { RedisStore as OwnRedisStore } from 'sessionware/redis'

const PostgresStore = connectPgSimple(session)
const client = createClient()

const stores: Store[] = [
  conditional(new PostgresStore({ createTableIfMissing: true }), { user: ['passport', 'user'] }),
  hashIds(conditional(new PostgresStore())),
  hashIds(new RedisStore({ client }), { migrate: true }),
  new OwnRedisStore({ client }),
]
for (const store of stores) session({ secret: 'a secret', resave: false, saveUninitialized: false, store })

export async function listSessions(req: object): Promise<string[]> {
  const sessions = sessionsOf(hashIds(new OwnRedisStore({ client })), (record) => record.cookie.path)
  await sessions.endAll('ada', { except: req })
  return (await sessions.list('ada', { req })).map(({ handle, expires }) => `${handle} ${expires?.getTime()}`)
}
