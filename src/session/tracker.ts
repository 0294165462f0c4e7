import type { Cookie } from '../cookie/cookie'
import type { SignedId } from '../cookie/cookie-codec'
import type { Change } from '../policy/decide'
import { isSameLifetime, type Version } from '../policy/version'
import { takeSnapshot } from './snapshot'

/** Remembers a request's session as it was loaded and as it was last saved, to tell what has changed. */
export class Tracker {
  /** The id that the browser sent. */
  sentId: SignedId | undefined
  /** The store has a record of the session, as far as this request knows. */
  isStored = false
  /** A save of the session has begun in this request. */
  hasSaved = false

  /** The session that is compared with. Its id is read only if another session object has to be compared. */
  private session: TrackedSession | undefined
  private original: Version | undefined
  private saved: Version | undefined

  /** With `resave`, a session that was only loaded does not count as saved. */
  constructor(private resave: boolean) {}

  /** Called when the record differs from the session that was loaded from it. Then it is saved as with `resave`. */
  requireSave(): void {
    this.resave = true
  }

  /** Starts with a new session. The data it has now does not count as a change. */
  startNew(session: TrackedSession, snapshot?: string): void {
    this.session = session
    this.isStored = false
    this.hasSaved = false
    this.original = versionOf(session, snapshot)
    this.saved = undefined
  }

  /** Starts with a session from the store. */
  startLoaded(session: TrackedSession, snapshot: string): void {
    this.session = session
    this.isStored = true
    this.original = versionOf(session, snapshot)
    this.saved = this.resave ? undefined : this.original
  }

  /** Called when the session is written to the store. A session that this request has replaced is ignored. */
  noteSave(session: TrackedSession, snapshot: string): void {
    if (!this.hasSameId(session)) return
    this.isStored = true
    this.hasSaved = true
    this.saved = versionOf(session, snapshot)
  }

  /** Called when the session was read again from the store. */
  noteReload(session: TrackedSession): void {
    if (this.saved) this.saved = versionOf(session)
  }

  /** The session as it was loaded or made. */
  get loaded(): Version | undefined {
    return this.original
  }

  /** The session as it was last saved, loaded or made. */
  get held(): Version | undefined {
    return this.saved ?? this.original
  }

  /** The change of a session that no handler has read, or that was unset. */
  get unchanged(): Readonly<Change> {
    return this.resave ? UNSAVED : SAVED
  }

  /** Returns how the session differs from the original and from the saved one. */
  compare(session: TrackedSession, snapshot: string): Change {
    const { original, saved } = this
    const isSame = this.hasSameId(session)
    // A changed lifetime alone does not make an empty new session worth saving.
    const isLifetimeChanged = isSame && this.isStored && !hasLifetimeOf(session, original)
    return {
      isModified: !isSame || original?.snapshot !== snapshot || isLifetimeChanged,
      isLifetimeChanged,
      wasSaved: saved !== undefined,
      isSaved: isSame && saved?.snapshot === snapshot && hasLifetimeOf(session, saved),
    }
  }

  private hasSameId(session: TrackedSession): boolean {
    return session === this.session || session.id === this.session?.id
  }
}

/** The parts of a session that are compared, beside its data. */
export interface TrackedSession {
  readonly id: string
  cookie: Cookie
}

const SAVED: Change = { isModified: false, isLifetimeChanged: false, wasSaved: true, isSaved: true }
const UNSAVED: Change = { ...SAVED, wasSaved: false, isSaved: false }

function versionOf(session: TrackedSession, snapshot = takeSnapshot(session)): Version {
  return { snapshot, lifetime: session.cookie.originalMaxAge }
}

function hasLifetimeOf(session: TrackedSession, version: Version | undefined): boolean {
  return isSameLifetime(session.cookie.originalMaxAge, version?.lifetime)
}
