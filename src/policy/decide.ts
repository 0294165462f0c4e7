/** How a session differs from what it was, and from what the store has of it. */
export interface Change {
  /** The session's data, id or lifetime are not what they were when it was loaded or made. */
  isModified: boolean
  /** The lifetime (`cookie.maxAge`, `cookie.expires`) was changed, whatever else was. */
  isLifetimeChanged: boolean
  /** This request saved it, or loaded it while `resave` is off. */
  wasSaved: boolean
  /** What was saved is what the session holds. */
  isSaved: boolean
}

/** What is known about a request's session when its response begins or ends. */
export interface Facts {
  /** `req.sessionID` is a string: an id that a cookie can carry and a store can be asked for. */
  hasId: boolean
  /** There is a session at `req.session`. */
  hasSession: boolean
  /** The browser sent this very id. */
  isKnown: boolean
  /** The id was destroyed; nothing may bring it back. */
  isDead: boolean
  /** The cookie has an expiry, so the browser's copy must follow a change. */
  hasExpiry: boolean
  change: Readonly<Change>
}

/** The options that the rules read. */
export interface Rules {
  saveUninitialized: boolean
  rolling: boolean
  /** `unset: 'destroy'` */
  destroyOnUnset: boolean
}

/** What the end of a response does to the store. */
export type Action = 'destroy' | 'save' | 'touch' | 'nothing'

/** What must be done in the store before the response may leave. */
export function decideAction(facts: Facts, rules: Rules): Action {
  if (!facts.hasSession) return facts.hasId && rules.destroyOnUnset ? 'destroy' : 'nothing'
  if (!facts.hasId || facts.isDead) return 'nothing'
  if (mustSave(facts, rules)) return 'save'
  return facts.isKnown ? 'touch' : 'nothing'
}

/** Whether the response sets the session cookie. */
export function mustSetCookie(facts: Facts, rules: Rules): boolean {
  if (!facts.hasSession || !facts.hasId || facts.isDead) return false
  const { isModified, isLifetimeChanged } = facts.change
  if (!facts.isKnown) return rules.saveUninitialized || isModified
  return rules.rolling || isLifetimeChanged || (facts.hasExpiry && isModified)
}

function mustSave({ change, isKnown }: Facts, rules: Rules): boolean {
  const isUninitialized = !rules.saveUninitialized && !change.wasSaved && !isKnown
  return isUninitialized ? change.isModified : !change.isSaved
}
