import type { Reporter } from '../../diagnostics/reporter'
import { similarName } from '../../policy/similar-name'
import type { MiddlewareOptions } from '../session-options'

/** Reports options that are ignored since their name is misspelt, or since they belong into `cookie` or out of it. */
export function reportNames(options: Partial<MiddlewareOptions>, reporter: Reporter): void {
  const mistakes = [...misplaced(options), ...inCookie(options.cookie)]
  if (mistakes.length === 0) return
  reporter.report(
    'SESSIONWARE_OPTION',
    `session() ignores ${mistakes.map(({ name, meant }) => `${name} (did you mean ${meant}?)`).join(', ')}`,
    { mistakes },
  )
}

interface Mistake {
  readonly name: string
  readonly meant: string
}

function misplaced(options: object): Mistake[] {
  return setKeys(options)
    .filter((key) => !OPTIONS.includes(key))
    .flatMap((name) => {
      const option = similarName(name, OPTIONS)
      if (option) return [{ name, meant: option }]
      const attribute = similarName(name, ATTRIBUTES)
      return attribute ? [{ name, meant: `cookie.${attribute}` }] : []
    })
}

function inCookie(cookie: unknown): Mistake[] {
  if (typeof cookie !== 'object' || cookie === null) return []
  return setKeys(cookie)
    .filter((key) => !ATTRIBUTES.includes(key) && !ACCEPTED.has(key))
    .flatMap((key) => {
      const attribute = similarName(key, ATTRIBUTES)
      if (attribute) return [{ name: `cookie.${key}`, meant: `cookie.${attribute}` }]
      return OPTIONS.includes(key) ? [{ name: `cookie.${key}`, meant: key }] : []
    })
}

function setKeys(options: object): string[] {
  return Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [key]))
}

/** All options. The type makes sure that none is missing. */
const ALL: Record<keyof MiddlewareOptions, true> = {
  secret: true,
  name: true,
  key: true,
  store: true,
  cookie: true,
  genid: true,
  proxy: true,
  resave: true,
  saveMode: true,
  saveUninitialized: true,
  rolling: true,
  idleTimeout: true,
  absoluteTimeout: true,
  touchAfter: true,
  unset: true,
  clearCookie: true,
  refreshCookie: true,
  cacheControl: true,
  storeTimeout: true,
  failOnSaveError: true,
  diagnostics: true,
}

/** The names of all options. */
export const OPTIONS: readonly string[] = Object.keys(ALL)

const ATTRIBUTES = [
  'maxAge',
  'expires',
  'httpOnly',
  'path',
  'domain',
  'secure',
  'sameSite',
  'partitioned',
  'priority',
]

/** Options of a cookie that have no effect here and are accepted. */
const ACCEPTED = new Set(['signed', 'encode', 'originalMaxAge', 'overwrite'])
