import session, { type SessionData, Store } from 'sessionware'

class PromiseStore extends Store {
  private readonly records = new Map<string, SessionData>()

  async get(sid: string) {
    return this.records.get(sid)
  }

  async set(sid: string, data: SessionData) {
    this.records.set(sid, data)
  }

  async destroy(sid: string) {
    this.records.delete(sid)
  }
}

session({ secret: 'a secret', store: new PromiseStore() })
