import type { CookieCodec } from '../../cookie/cookie-codec'
import { IdCodec } from '../../cookie/id-codec'
import { MAX_IDS, MAX_VALUE_LENGTH, readIds, valuesOf } from '../../cookie/read-ids'
import type { RequestSession } from '../../session/request-session'
import type { CandidateExplanation } from './explanation'

/** Reads the Cookie header again, and tells what has become of each cookie with the session's name. */
export function explainCandidates(
  owner: RequestSession,
  name: string,
  codec: CookieCodec,
): CandidateExplanation[] {
  const { req } = owner
  const ids: string[] = []
  const values = valuesOf(req.headers.cookie ?? '', name, Number.POSITIVE_INFINITY)
  const explained = values.map((text) => explain(owner, text, codec, ids))
  // Those that cookie-parser has read, for an application that removes the header.
  const parsed = ids.length === 0 && (req.signedCookies || req.cookies) ? readIds(req, name, codec) : []
  return [...explained, ...parsed.map(({ id }) => outcomeOf(owner, id, ids))]
}

function explain(
  owner: RequestSession,
  text: string,
  codec: CookieCodec,
  ids: string[],
): CandidateExplanation {
  if (text.length > MAX_VALUE_LENGTH) {
    return { outcome: 'too long', why: `it has ${text.length} characters, more than ${MAX_VALUE_LENGTH}` }
  }
  const found = codec.decode(text)
  if (found) return outcomeOf(owner, found.id, ids)
  if (!(codec instanceof IdCodec)) {
    return {
      outcome: 'wrong signature',
      why: 'no key of this store has sealed it under this name, or it has expired',
    }
  }
  if (/^s(:|%3a)/i.test(text)) {
    return { outcome: 'wrong signature', why: 'no secret of this middleware has signed it' }
  }
  return { outcome: 'unsigned', why: 'it does not begin with "s:", so this middleware has not made it' }
}

/** `ids` has the ids of the cookies before this one. */
function outcomeOf(owner: RequestSession, id: string, ids: string[]): CandidateExplanation {
  if (ids.includes(id)) return { outcome: 'repeated', why: 'a cookie before it has the same value' }
  ids.push(id)
  const { misses, tracker, isLoaded } = owner
  const miss = misses?.find((each) => each.id === id)
  if (miss?.error) return { outcome: 'error', why: `the store could not read it${codeOf(miss.error)}` }
  if (miss?.endedBy) return { outcome: 'ended', why: `its session has reached ${miss.endedBy}` }
  if (miss) {
    const why = 'the store has no record of it: it was destroyed, has expired, or is of another store'
    return { outcome: 'missing', why }
  }
  if (isLoaded && tracker.sentId?.id === id) return { outcome: 'loaded', why: 'the store has its session' }
  if (ids.length > MAX_IDS) return { outcome: 'not tried', why: `only ${MAX_IDS} ids are looked up` }
  if (isLoaded) return { outcome: 'not tried', why: 'a cookie before it has a session' }
  return { outcome: 'not tried', why: 'the store has not answered yet' }
}

/** An error's message may have an id, its code has none. */
function codeOf(err: unknown): string {
  const code: unknown = (err as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : ''
}
