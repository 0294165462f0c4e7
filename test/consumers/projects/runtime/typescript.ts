import session, { MemoryStore, type SessionOptions } from 'sessionware'
import visitTwice from './visit-twice'

const options: SessionOptions = {
  secret: 'a secret',
  resave: false,
  saveUninitialized: false,
  store: new MemoryStore(),
}

visitTwice(session(options)).then(() => console.log('works'))
