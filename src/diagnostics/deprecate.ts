/**
 * Emits a DeprecationWarning, once per message and process. `NO_DEPRECATION=express-session` and
 * `node --no-deprecation` silence it.
 */
export function deprecate(message: string): void {
  if (emitted.has(message) || isSilenced()) return
  emitted.add(message)
  process.emitWarning(`express-session deprecated ${message}`, warningType())
}

const emitted = new Set<string>()

function isSilenced(): boolean {
  if (process.noDeprecation) return true
  const namespaces = (process.env.NO_DEPRECATION ?? '').toLowerCase().split(/[ ,]+/)
  return namespaces.includes('express-session') || namespaces.includes('*')
}

/** `node --throw-deprecation` is about Node's own deprecations. Those of express-session have never ended a process. */
function warningType(): string {
  return process.throwDeprecation ? 'Warning' : 'DeprecationWarning'
}
