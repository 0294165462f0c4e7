/**
 * Emits a warning about a value that works, but probably not as its author expects: once per message and process. The
 * code is stable: `process.on('warning', ({ code }) => ...)` and `node --disable-warning=<code>` can use it.
 */
export function warn(code: WarningCode, message: string): void {
  if (emitted.has(message)) return
  emitted.add(message)
  process.emitWarning(message, { code })
}

/** Warns if the value of a boolean option is a string, for example from an environment variable: 'false' counts as true. */
export function warnAboutText(option: string, value: unknown): void {
  if (!value || typeof value !== 'string') return
  warn(
    'SESSIONWARE_BOOLEAN',
    `${option} option is a string, which counts as true, even "false": use true or false`,
  )
}

/** The codes of all warnings; docs/differences.md lists them. */
export type WarningCode =
  | 'SESSIONWARE_BOOLEAN'
  | 'SESSIONWARE_CACHE_CONTROL'
  | 'SESSIONWARE_COOKIE_EXPIRES'
  | 'SESSIONWARE_COOKIE_NOT_CLEARED'
  | 'SESSIONWARE_COPIED_RECORDS'
  | 'SESSIONWARE_MEMORY_STORE'
  | 'SESSIONWARE_NAME'
  | 'SESSIONWARE_SESSION_GONE'
  | 'SESSIONWARE_STORE'

const emitted = new Set<string>()
