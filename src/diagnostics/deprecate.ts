const told = new Set<string>()

/**
 * Warns once a process. Silenced by `NO_DEPRECATION=express-session` and by `node --no-deprecation`.
 */
export function deprecate(message: string): void {
  if (told.has(message) || isSilenced()) return
  told.add(message)
  process.emitWarning(`express-session deprecated ${message}`, 'DeprecationWarning')
}

function isSilenced(): boolean {
  const namespaces = (process.env.NO_DEPRECATION ?? '').toLowerCase().split(/[ ,]+/)
  return namespaces.includes('express-session') || namespaces.includes('*')
}
