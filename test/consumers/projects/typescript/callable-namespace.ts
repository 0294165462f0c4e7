import * as session from 'sessionware'

const store: session.Store = new session.MemoryStore()

session({ secret: 'a secret', resave: false, saveUninitialized: false, store })
