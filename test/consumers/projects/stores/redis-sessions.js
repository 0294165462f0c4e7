const { RedisStore } = require('connect-redis')
const session = require('sessionware')
const visitTwice = require('./visit-twice')

const records = new Map()
const client = {
  get: async (key) => records.get(key) ?? null,
  set: async (key, value) => records.set(key, value),
  expire: async (key) => records.has(key),
}

const store = new RedisStore({ client })
visitTwice(session({ secret: 'a secret', resave: false, saveUninitialized: false, store })).then(() =>
  console.log('works'),
)
