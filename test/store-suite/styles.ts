import { ReferenceStore } from './reference-store'

type Live = Parameters<ReferenceStore['set']>[1]
type Callback = (err?: unknown, value?: unknown) => void

/** A store that returns promises and takes no callbacks. */
export class PromiseStore {
  private readonly right = new ReferenceStore()

  async get(sid: string) {
    const entry = this.right.find(sid)
    return entry && this.right.give(entry)
  }
  async set(sid: string, session: Live) {
    this.right.set(sid, session)
  }
  async destroy(sid: string) {
    this.right.destroy(sid)
  }
  async touch(sid: string, session: Live) {
    this.right.touch(sid, session)
  }
  async compareAndSet(sid: string, session: Live, loaded: Live | undefined) {
    return this.right.compare(sid, session, loaded)
  }
  async all() {
    return [...this.right.entries.values()].map(({ json }) => JSON.parse(json))
  }
  async length() {
    return this.right.entries.size
  }
  async clear() {
    this.right.clear()
  }
}

/** A store that calls back before its methods return. */
export class SameTickStore extends ReferenceStore {
  override answer(callback: Callback | undefined, value?: unknown) {
    callback?.(null, value)
  }
}

/** A store that calls back, and whose promise resolves to undefined. */
export class AsyncCallbackStore extends ReferenceStore {
  override async get(sid: string, callback: Callback) {
    super.get(sid, callback)
  }
}

/** A store that answers with the error ENOENT for a missing record, as files do, and lists records by id. */
export class FileLikeStore extends ReferenceStore {
  override get(sid: string, callback: Callback) {
    if (this.find(sid)) super.get(sid, callback)
    else callback(Object.assign(new Error('no such file'), { code: 'ENOENT' }))
  }

  override all(callback: Callback) {
    const records = [...this.entries].map(([sid, { json }]) => [sid, JSON.parse(json)])
    this.answer(callback, Object.fromEntries(records))
  }
}
