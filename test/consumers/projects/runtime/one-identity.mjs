import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import session, { Store } from 'sessionware'

const required = createRequire(import.meta.url)('sessionware')
assert.equal(required, session)
assert.equal(required.Store, Store)
console.log('works')
