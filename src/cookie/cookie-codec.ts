/** An id that came in a cookie which this application has made. */
export interface SignedId {
  id: string
  /** The cookie value that `encode` gives for this id; undefined where an older secret signed it, and for a sealed session. */
  text: string | undefined
  /** An older secret signed it. */
  isOld?: true
}

/** How the ids of sessions become cookie values, and back. */
export interface CookieCodec {
  /** Returns the id of a cookie value, or undefined if this application has not made the value. */
  decode(text: string): SignedId | undefined
  /** The same for a value that is already percent-decoded. */
  verify(value: string): SignedId | undefined
  /** Returns the cookie value of an id. */
  encode(id: string): string
}
