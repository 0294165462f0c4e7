/** How a session differs from the loaded or new one, and from the stored one. */
export interface Change {
  /** The data, the id or the lifetime differ from what was loaded or made. */
  isModified: boolean
  /** The lifetime differs: `cookie.maxAge` or `cookie.expires` was set. */
  isLifetimeChanged: boolean
  /** This request has saved it, or loaded it while `resave` is off. */
  wasSaved: boolean
  /** The store has what the session holds now. */
  isSaved: boolean
}

/** The facts about a request's session when its response begins or ends. */
export interface Facts {
  /** `req.sessionID` is a string. */
  hasId: boolean
  /** There is a session at `req.session`. */
  hasSession: boolean
  /** The browser sent this id. */
  isSentId: boolean
  /** The id was destroyed, so it must not be written or sent. */
  isDestroyed: boolean
  /** The browser's cookie has other attributes than the options give, or an old signature (with `refreshCookie`). */
  isOutdated: boolean
  /** The last touch is longer ago than `touchAfter`. */
  isTouchDue: boolean
  change: Readonly<Change>
}

/** The options that the rules depend on. */
export interface Rules {
  saveUninitialized: boolean
  rolling: boolean
  /** `unset: 'destroy'`. */
  destroyOnUnset: boolean
}

/** What to do in the store. */
export type Action = 'destroy' | 'save' | 'touch' | 'nothing'

/** Returns what must be done in the store before the response is sent. */
export function decideAction(facts: Facts, rules: Rules): Action {
  if (!facts.hasSession) return facts.hasId && rules.destroyOnUnset ? 'destroy' : 'nothing'
  if (!facts.hasId || facts.isDestroyed) return 'nothing'
  if (mustSave(facts, rules)) return 'save'
  return facts.isSentId && facts.isTouchDue ? 'touch' : 'nothing'
}

/** Returns whether the response sets the session cookie. `hasExpiry`: the cookie has an expiry date. */
export function mustSetCookie(facts: Facts, rules: Rules, hasExpiry: boolean): boolean {
  if (!facts.hasSession || !facts.hasId || facts.isDestroyed) return false
  const { isModified, isLifetimeChanged } = facts.change
  if (!facts.isSentId) return rules.saveUninitialized || isModified
  const isRolling = rules.rolling && facts.isTouchDue
  return isRolling || facts.isOutdated || isLifetimeChanged || (hasExpiry && isModified)
}

function mustSave({ change, isSentId }: Facts, rules: Rules): boolean {
  const isUninitialized = !rules.saveUninitialized && !change.wasSaved && !isSentId
  return isUninitialized ? change.isModified : !change.isSaved
}
