import assert from 'node:assert/strict'
import MongoStore from 'connect-mongo'
import { RedisStore } from 'connect-redis'
import { Store } from 'sessionware'

assert.equal(Object.getPrototypeOf(RedisStore), Store)
assert.equal(Object.getPrototypeOf(MongoStore), Store)
console.log('works')
