/** The codes of all diagnostics, which do not change. docs/diagnostics.md lists them with cause and remedy. */
export type DiagnosticCode = (typeof GONE_WRONG)[number] | (typeof ADVICE)[number]

/** Something does not work, or has not worked in a request. */
export const GONE_WRONG = [
  'SESSIONWARE_BOOLEAN',
  'SESSIONWARE_CACHE_CONTROL',
  'SESSIONWARE_COOKIE_BLOCKED',
  'SESSIONWARE_COOKIE_CORS',
  'SESSIONWARE_COOKIE_CROSS_SITE',
  'SESSIONWARE_COOKIE_DOMAIN',
  'SESSIONWARE_COOKIE_EXPIRES',
  'SESSIONWARE_COOKIE_NOT_CLEARED',
  'SESSIONWARE_COOKIE_NOT_SECURE',
  'SESSIONWARE_COOKIE_NOT_SENT',
  'SESSIONWARE_COOKIE_PREFIX',
  'SESSIONWARE_COOKIE_TOO_LARGE',
  'SESSIONWARE_COPIED_RECORDS',
  'SESSIONWARE_GENID',
  'SESSIONWARE_LATE_CHANGE',
  'SESSIONWARE_LIST_FALLBACK',
  'SESSIONWARE_LOST_VALUE',
  'SESSIONWARE_MEMORY_STORE',
  'SESSIONWARE_NAME',
  'SESSIONWARE_NOT_AWAITED',
  'SESSIONWARE_OPTION',
  'SESSIONWARE_PATH',
  'SESSIONWARE_REDIS_TTL',
  'SESSIONWARE_SECONDS',
  'SESSIONWARE_SESSION_GONE',
  'SESSIONWARE_STORE',
  'SESSIONWARE_STORE_DISCONNECTED',
  'SESSIONWARE_USER',
] as const

/** It works, and could be better. Only `diagnostics: true` and a function get these. */
export const ADVICE = [
  'SESSIONWARE_COOKIE_NOT_RETURNED',
  'SESSIONWARE_DATE',
  'SESSIONWARE_LARGE_SESSION',
  'SESSIONWARE_LONG_MAX_AGE',
  'SESSIONWARE_NO_TIMEOUT',
  'SESSIONWARE_PROCESS_MEMORY',
  'SESSIONWARE_SECRET',
] as const

const advice: ReadonlySet<string> = new Set(ADVICE)

export function isAdvice(code: DiagnosticCode): boolean {
  return advice.has(code)
}
