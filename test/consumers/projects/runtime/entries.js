const assert = require('node:assert/strict')
const session = require('sessionware')
const { conditional } = require('sessionware/postgres')
const { RedisStore } = require('sessionware/redis')

// Neither entry loads a client: none of pg, redis and ioredis is installed here.
const postgres = { get() {}, set() {}, destroy() {}, query() {}, quotedTable: () => '"session"' }
assert.equal(conditional(postgres, { user: 'userId' }), postgres)
assert.throws(
  () => conditional(session.hashIds(new session.MemoryStore())),
  /hashIds\(conditional\(store\)\)/,
)
assert(new RedisStore({ client: { command: async () => null } }) instanceof session.Store)

async function main() {
  const { conditional: imported } = await import('sessionware/postgres')
  assert.equal(imported, conditional)
  assert.equal((await import('sessionware/redis')).RedisStore, RedisStore)
  const { hashIds, sessionsOf } = await import('sessionware')
  const sessions = sessionsOf(hashIds(new session.MemoryStore()), (data) => data.userId)
  assert.deepEqual(await sessions.list('ada'), [])
}

main().then(() => console.log('works'))
