import type { SessionData } from '../../types'

/**
 * The sessions as the store inside receives them: shallow copies whose `id` is the key. The store knows the copy that it
 * has written, and `compareAndSet` names the session of which it was made.
 */
export class SessionViews {
  private readonly written = new WeakMap<SessionData, SessionData>()

  /** `req` stays, since some stores read the address of the client from it. */
  viewOf(session: SessionData, key: string): SessionData {
    if (typeof session !== 'object' || session === null) return session
    const view = Object.assign(Object.create(Object.getPrototypeOf(session)), session)
    Object.defineProperty(view, 'id', { value: key, configurable: true })
    const req = Object.getOwnPropertyDescriptor(session, 'req')
    if (req && !req.enumerable) Object.defineProperty(view, 'req', req)
    return view
  }

  /** Called when the store has written the view of a session. */
  noteWritten(session: SessionData, view: SessionData): void {
    this.written.set(session, view)
  }

  /** Returns the object by which the store knows a loaded session: the one that it gave, or the view that it wrote. */
  knownOf(loaded: SessionData | undefined): SessionData | undefined {
    return loaded && (this.written.get(loaded) ?? loaded)
  }
}
