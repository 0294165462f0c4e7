import type { LostValue } from '../policy/lost-values'
import { inWords } from '../policy/seconds'
import type { Reporter } from './reporter'

/** The diagnostics about options, data and the course of a request. Those about cookies are in cookie-texts.ts. */

export function reportLikelySeconds(reporter: Reporter, option: string, value: number): void {
  reporter.report(
    'SESSIONWARE_SECONDS',
    `${option} is ${value} milliseconds, that is ${inWords(value)}; it looks like ${inWords(value * 1000)} in seconds: write ${value} * 1000`,
    { option, value },
  )
}

export function reportDisconnected(reporter: Reporter): void {
  reporter.report(
    'SESSIONWARE_STORE_DISCONNECTED',
    "a request has no req.session, because the store has emitted 'disconnect' and no 'connect' since: look at the store's connection, and handle requests without a session, for example with status 503",
  )
}

export function reportPath(
  reporter: Reporter,
  detail: { cookiePath: string; path: string; hasCookie: boolean },
): void {
  const { cookiePath, path, hasCookie } = detail
  const seen = hasCookie
    ? 'the browser has sent the session cookie'
    : 'the handler has failed with an error, perhaps since req.session is undefined'
  reporter.report(
    'SESSIONWARE_PATH',
    `cookie.path is ${JSON.stringify(cookiePath)}, so the request for ${JSON.stringify(path)} has no req.session, and ${seen}: set cookie.path to '/', or to the path that the browser uses if a proxy changes it`,
    detail,
  )
}

export function reportGenid(reporter: Reporter, id: unknown): void {
  const given = id === '' ? 'an empty string' : id === null ? 'null' : `a value of type ${typeof id}`
  reporter.report(
    'SESSIONWARE_GENID',
    `genid gives ${given}, so the session is neither stored nor sent: it must return a string that cannot be guessed, or a promise of one`,
    { type: typeof id },
  )
}

export function reportLostValues(reporter: Reporter, values: LostValue[]): void {
  const shown = values.map(
    ({ path, kind, becomes }) => `req.session.${path} is ${kind} and becomes ${becomes}`,
  )
  reporter.report(
    'SESSIONWARE_LOST_VALUE',
    `sessions are stored as JSON: ${shown.join('; ')}. Keep plain objects, arrays, strings, finite numbers, booleans and null`,
    { values },
  )
}

export function reportDates(reporter: Reporter, values: LostValue[]): void {
  const shown = values.map(({ path, kind }) => `req.session.${path} is ${kind}`)
  reporter.report(
    'SESSIONWARE_DATE',
    `sessions are stored as JSON: ${shown.join('; ')}, which the next request reads as a string. Make it again there, as in new Date(req.session.at)`,
    { values },
  )
}

export function reportLargeSession(
  reporter: Reporter,
  bytes: number,
  keys: [key: string, bytes: number][],
): void {
  const largest = keys.map(([key, size]) => `${key} has ${size}`).join(', ')
  reporter.report(
    'SESSIONWARE_LARGE_SESSION',
    `a session has ${bytes} bytes, more than 65536 (${largest}), and each request reads all of them: keep an id in the session, and the data in a database`,
    { bytes, keys },
  )
}

export function reportNotAwaited(reporter: Reporter, methods: string[]): void {
  const calls = methods.map((method) => `req.session.${method}()`).join(' and ')
  reporter.report(
    'SESSIONWARE_NOT_AWAITED',
    `the response has ended before the promise of ${calls} was settled, and the handler does not wait for it: write await ${calls}, or end the response in a callback`,
    { methods },
  )
}

export type LateChange = 'after the end' | 'new session after the headers' | 'lifetime after the headers'

export function reportLateChange(reporter: Reporter, what: LateChange, keys: string[]): void {
  const changed = keys.length > 0 ? ` (${keys.join(', ')})` : ''
  const texts: Record<LateChange, string> = {
    'after the end': `the session was changed after the response had ended${changed}, and this is not saved: change it before, or call req.session.save()`,
    'new session after the headers': `a new session was changed after the headers of the response were sent${changed}, so the browser gets no cookie for it: change it before the first write`,
    'lifetime after the headers':
      'the lifetime of the session was changed after the headers of the response were sent, so the browser keeps the old one: change it before the first write',
  }
  reporter.report('SESSIONWARE_LATE_CHANGE', texts[what], { what, keys })
}
