import { restoreCookie } from '../cookie/restore-cookie'
import { merge } from '../policy/merge'
import type { Version } from '../policy/version'
import type { Stored } from '../store-guard/stored'
import type { SessionCookie, SessionData } from '../types'
import type { Baseline } from './baseline'
import { cookieWith } from './merge-record'
import { takeSnapshot } from './snapshot'
import type { TrackedSession } from './tracker'

/** What `updateSession` lets you change: the data of a session and its cookie, without the methods of a session. */
export type SessionDraft = Partial<SessionData> & { cookie: SessionCookie }

/** A copy of a session, and what it was made of. */
export interface Draft {
  readonly data: SessionDraft
  /** What the session held when the draft was made. */
  readonly mine: Version
  /** The cookie of the draft as JSON. */
  readonly cookie: string
}

/** Makes the draft of what is stored, with what the request has changed. */
export function makeDraft(session: TrackedSession, { base }: Baseline, stored: Stored | undefined): Draft {
  const mine = versionOf(session)
  const merged = stored ? merge(base, mine, stored.version) : mine
  const cookie = cookieWith(restoreCookie(session.cookie), merged.lifetime)
  const data = Object.assign(JSON.parse(merged.snapshot), { cookie })
  return { data, mine, cookie: JSON.stringify(cookie) }
}

export function versionOf(session: { cookie: SessionCookie }): Version {
  return { snapshot: takeSnapshot(session), lifetime: session.cookie.originalMaxAge }
}
