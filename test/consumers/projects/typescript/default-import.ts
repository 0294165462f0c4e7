import session from 'sessionware'

const store: session.Store = new session.MemoryStore()

session({ secret: ['new', 'old'], name: 'sid', store, cookie: { secure: 'auto', sameSite: 'auto' } })
session({ secret: 'a secret', cookie: (req) => ({ path: '/', secure: req.secure }) })
session({ secret: Buffer.from('a secret'), genid: (req) => `${req.path} id`, unset: 'destroy' })

// @ts-expect-error unknown option
session({ secret: 'a secret', resaved: false })
// @ts-expect-error invalid value of an option
session({ secret: 'a secret', unset: 'forget' })
// @ts-expect-error wrong type of a cookie attribute
session({ secret: 'a secret', cookie: { maxAge: '1h' } })
