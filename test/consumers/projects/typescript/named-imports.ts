import { Cookie, MemoryStore, type SessionData, type SessionOptions, Store } from 'sessionware'

const store = new MemoryStore()
const options: SessionOptions = { secret: 'a secret', store }
const data: SessionData = { cookie: new Cookie() }

store.get('an id', (_error, found) => found?.cookie.originalMaxAge)
store.all((_error, all) => all)

export const isStore = (value: unknown) => value instanceof Store
export { data, options }
