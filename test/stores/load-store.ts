import Module, { createRequire } from 'node:module'
import { join } from 'node:path'
import type { SessionModule } from '../support/implementations'

const load = createRequire(__filename)
const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }

/**
 * Loads a store's package anew, with `base` where it requires 'express-session': what npm's alias
 * does on disk.
 */
export function loadStore<T>(name: string, base: SessionModule): T {
  const original = loader._load
  loader._load = (request, ...rest) =>
    request === 'express-session' ? base : original.call(loader, request, ...rest)
  forget(name)
  try {
    return load(name)
  } finally {
    loader._load = original
    forget(name)
  }
}

/** A package without types of its own. */
export function requireUntyped<T>(name: string): T {
  return load(name)
}

function forget(name: string) {
  const folder = join('node_modules', name, '/')
  for (const file of Object.keys(load.cache)) {
    if (file.includes(folder)) delete load.cache[file]
  }
}
