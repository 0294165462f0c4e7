import session = require('sessionware')

import { type CookieKey, CookieStore, type CookieStoreOptions, TooLargeError } from 'sessionware/cookie-store'

const keys: CookieKey[] = [Buffer.alloc(32), 'text']
const options: CookieStoreOptions = { keys, ttl: 1000, legacy: { name: 'session', keys: ['key1'] } }
const store = new CookieStore(options)

session({ store })
session({ store, secret: 'not used', name: 'id', cookie: { maxAge: 1000 } })
session(session.recommended({ store }))

// @ts-expect-error: other stores need a secret.
session({ store: new session.MemoryStore() })
// @ts-expect-error: there are no default keys.
new CookieStore({})

export const sizeOf = (err: unknown) => (err instanceof TooLargeError ? err.largest[0]?.bytes : undefined)
