import session = require('sessionware')

const store = new session.MemoryStore()
const options: session.SessionOptions = { secret: 'a secret', resave: false, saveUninitialized: false, store }

session(options)

const cookie: session.CookieOptions = new session.Cookie({ maxAge: 60_000, sameSite: 'lax' })
const data: session.SessionData = { cookie: new session.Cookie(cookie) }

store.set('an id', data, (error) => error)
