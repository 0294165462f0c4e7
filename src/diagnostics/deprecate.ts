/**
 * Emits a DeprecationWarning, once per message and process. `NO_DEPRECATION=express-session` and
 * `node --no-deprecation` silence it.
 */
export function deprecate(message: string): void {
  if (emitted.has(message) || isSilenced()) return
  emitted.add(message)
  process.emitWarning(`express-session deprecated ${message}`, 'DeprecationWarning')
}

const emitted = new Set<string>()

function isSilenced(): boolean {
  const namespaces = (process.env.NO_DEPRECATION ?? '').toLowerCase().split(/[ ,]+/)
  return namespaces.includes('express-session') || namespaces.includes('*')
}
