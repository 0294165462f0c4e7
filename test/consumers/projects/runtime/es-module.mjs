import assert from 'node:assert/strict'
import * as namespace from 'sessionware'
import session, { Cookie, MemoryStore, Session, Store } from 'sessionware'
import { CookieStore } from 'sessionware/cookie-store'
import { RedisStore } from 'sessionware/redis'
import visitTwice from './visit-twice.js'

assert.equal(typeof session, 'function')
assert.equal(namespace.default, session)
assert.equal(namespace.Store, Store)
for (const [name, named] of Object.entries({ Cookie, MemoryStore, Session, Store })) {
  assert.equal(session[name], named)
}

assert(new RedisStore({ client: { async command() {} } }) instanceof Store)

const store = new MemoryStore()
assert(store instanceof Store)
visitTwice(session({ secret: 'a secret', resave: false, saveUninitialized: false, store }))
  .then(() => visitTwice(session({ store: new CookieStore({ keys: ['0'.repeat(64)] }) })))
  .then(() => console.log('works'))
