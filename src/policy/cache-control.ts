/** A Cache-Control value that is safe for a response with a session's cookie. */
export interface PrivateCacheControl {
  value: string
  /** The directives that were removed, because they let a cache give the response to other clients. */
  removed: string[]
}

/**
 * Returns the Cache-Control of a response that sets a session's cookie: no shared cache may store it (RFC 9111, 5.2.2.7).
 * `public` and `s-maxage` are removed, `no-store` is enough by itself, and all other directives stay.
 */
export function makePrivate(given: string): PrivateCacheControl {
  const directives = (given.match(DIRECTIVE) ?? []).map((text) => text.trim()).filter(Boolean)
  const kept = directives.filter((directive) => !isShared(directive))
  const removed = directives.filter((directive) => isShared(directive) && nameOf(directive) !== 'private')
  const isPrivate = kept.some((directive) => /^(?:private|no-store)$/i.test(directive))
  if (removed.length === 0 && isPrivate) return { value: given, removed }
  return { value: (isPrivate ? kept : ['private', ...kept]).join(', '), removed }
}

/** Returns the Vary value with Cookie added: the response depends on the session (RFC 9110, 12.5.5). */
export function varyByCookie(given: string): string {
  if (given.trim() === '') return 'Cookie'
  const names = given.split(',').map((name) => name.trim().toLowerCase())
  if (names.includes('*') || names.includes('cookie')) return given
  return `${given}, Cookie`
}

/** A quoted argument may have commas: `no-cache="a, b"`. */
const DIRECTIVE = /(?:"(?:\\.|[^"\\])*"|[^,])+/g

/** `private="x-header"` is about one header, and lets the rest of the response be shared. */
function isShared(directive: string): boolean {
  const name = nameOf(directive)
  return name === 'public' || name === 's-maxage' || (name === 'private' && directive.includes('='))
}

function nameOf(directive: string): string {
  return (directive.split('=', 1)[0] as string).trim().toLowerCase()
}
