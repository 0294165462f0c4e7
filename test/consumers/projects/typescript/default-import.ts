import session from 'sessionware'

const store: session.Store = new session.MemoryStore()

session({ secret: ['new', 'old'], name: 'sid', store, cookie: { secure: 'auto', sameSite: 'auto' } })
session({ secret: 'a secret', cookie: (req) => ({ path: '/', secure: req.secure }) })
session({ secret: Buffer.from('a secret'), genid: (req) => `${req.path} id`, unset: 'destroy' })

// @ts-expect-error an unknown option is a mistake
session({ secret: 'a secret', resaved: false })
// @ts-expect-error so is a value an option does not have
session({ secret: 'a secret', unset: 'forget' })
// @ts-expect-error and a cookie attribute of another type
session({ secret: 'a secret', cookie: { maxAge: '1h' } })
