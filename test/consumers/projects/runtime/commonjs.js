const assert = require('node:assert/strict')
const session = require('sessionware')
const visitTwice = require('./visit-twice')

assert.equal(typeof session, 'function')
for (const name of ['Cookie', 'MemoryStore', 'Session', 'Store']) {
  assert.equal(session[name].name, name)
}
const { RedisStore } = require('sessionware/redis')
assert(new RedisStore({ client: { async command() {} } }) instanceof session.Store)
assert.match(require('sessionware/package.json').version, /^1\./)

const { CookieStore } = require('sessionware/cookie-store')

visitTwice(session({ secret: 'a secret', resave: false, saveUninitialized: false }))
  .then(() => visitTwice(session({ store: new CookieStore({ keys: ['0'.repeat(64)] }) })))
  .then(() => console.log('works'))
