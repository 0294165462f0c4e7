const assert = require('node:assert/strict')
const util = require('node:util')
const session = require('sessionware')
const visitTwice = require('./visit-twice')

/** Calls the constructor of Store, as most ES5 stores do. */
function CallingStore(options) {
  session.Store.call(this, options)
  this.records = new Map()
}

/** Inherits from Store, but does not call its constructor. */
function SilentStore() {
  this.records = new Map()
}

util.inherits(CallingStore, session.Store)
Object.setPrototypeOf(SilentStore.prototype, session.Store.prototype)

const methods = {
  get(sid, callback) {
    const json = this.records.get(sid)
    setImmediate(callback, null, json && JSON.parse(json))
  },
  set(sid, data, callback) {
    this.records.set(sid, JSON.stringify(data))
    setImmediate(callback)
  },
  destroy(sid, callback) {
    this.records.delete(sid)
    setImmediate(callback)
  },
}

Promise.all([CallingStore, SilentStore].map(tryStore)).then(() => console.log('works'))

function tryStore(OldStore) {
  Object.assign(OldStore.prototype, methods)
  const store = new OldStore({})
  assert(store instanceof session.Store)
  return visitTwice(session({ secret: 'a secret', resave: false, saveUninitialized: false, store }))
}
