import type { SignedId } from '../cookie/id-codec'
import type { Change } from '../policy/decide'
import type { Session } from './session'
import { takeSnapshot } from './snapshot'

/** What can be seen to have changed: the data, and how long the session lives. */
interface Version {
  snapshot: string
  lifetime: unknown
}

const SAVED: Change = { isModified: false, isLifetimeChanged: false, wasSaved: true, isSaved: true }
const UNSAVED: Change = { ...SAVED, wasSaved: false, isSaved: false }

/** What a request knows of its session: the id that came, what was loaded or made, and what was saved since. */
export class Tracker {
  /** The id the browser sent. */
  sent: SignedId | undefined
  /** The store gave something under the session's id, or was given it. */
  isStored = false

  private id: string | undefined
  private original: Version | undefined
  private saved: Version | undefined

  /** With `resave` what was loaded does not count as saved. */
  constructor(private readonly resave: boolean) {}

  /** A new session: whatever it holds by now counts as nothing. */
  startNew(session: Session, snapshot?: string): void {
    this.id = session.id
    this.isStored = false
    this.original = versionOf(session, snapshot)
    this.saved = undefined
  }

  /** A session from the store. */
  startLoaded(session: Session, snapshot: string): void {
    this.id = session.id
    this.isStored = true
    this.original = versionOf(session, snapshot)
    this.saved = this.resave ? undefined : this.original
  }

  /** The store is about to get this; a session that the request left behind does not count. */
  noteSave(session: Session, snapshot: string): void {
    if (session.id !== this.id) return
    this.isStored = true
    this.saved = versionOf(session, snapshot)
  }

  /** The session was read again: what it holds now need not be saved. */
  noteReload(session: Session): void {
    if (this.saved) this.saved = versionOf(session)
  }

  /** Of a session that nobody looked at, or that is gone. */
  get unchanged(): Readonly<Change> {
    return this.resave ? UNSAVED : SAVED
  }

  /** How the session differs from what it was, and from what the store has. */
  compare(session: Session, snapshot: string): Change {
    const { id, original, saved } = this
    const isSame = id === session.id
    // A new session that holds nothing is not made to stay by its lifetime.
    const isLifetimeChanged = isSame && this.isStored && !isSameLifetime(session, original)
    return {
      isModified: !isSame || original?.snapshot !== snapshot || isLifetimeChanged,
      isLifetimeChanged,
      wasSaved: saved !== undefined,
      isSaved: isSame && saved?.snapshot === snapshot && isSameLifetime(session, saved),
    }
  }
}

function versionOf(session: Session, snapshot = takeSnapshot(session)): Version {
  return { snapshot, lifetime: session.cookie.originalMaxAge }
}

/** Below a second no cookie can tell the difference (RFC 6265, 5.1.1), but the clock may. */
function isSameLifetime(session: Session, version: Version | undefined): boolean {
  const now: unknown = session.cookie.originalMaxAge
  const before = version?.lifetime
  if (typeof now === 'number' && typeof before === 'number' && Math.abs(now - before) < 1000) return true
  return Object.is(now ?? null, before ?? null)
}
