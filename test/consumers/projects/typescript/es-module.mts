import session, { MemoryStore, type SessionData, type Store } from 'sessionware'

export class EsStore extends MemoryStore {}

const store: Store = new EsStore()
const isSame: session.Store = store

session({ secret: 'a secret', store: isSame })

export type Keys = keyof SessionData
