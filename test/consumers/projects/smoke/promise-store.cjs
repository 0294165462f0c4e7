/** A store whose methods take no callbacks and return promises. */
module.exports = function createPromiseStore(Store) {
  const records = new Map()
  class PromiseStore extends Store {
    async get(sid) {
      const json = records.get(sid)
      return json && JSON.parse(json)
    }
    async set(sid, session) {
      records.set(sid, JSON.stringify(session))
    }
    async destroy(sid) {
      records.delete(sid)
    }
  }
  return new PromiseStore()
}
