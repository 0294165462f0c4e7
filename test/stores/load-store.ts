import Module, { createRequire } from 'node:module'
import { join } from 'node:path'
import type { SessionModule } from '../support/implementations'

const load = createRequire(__filename)
const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }

/**
 * Loads a new copy of a store's package that gets `base` when it requires 'express-session', as with an
 * npm alias.
 */
export function loadStore<T>(name: string, base: SessionModule): T {
  const original = loader._load
  loader._load = (request, ...rest) =>
    request === 'express-session' ? base : original.call(loader, request, ...rest)
  dropFromCache(name)
  try {
    return load(name)
  } finally {
    loader._load = original
    dropFromCache(name)
  }
}

/** Loads a package that has no types. */
export function requireUntyped<T>(name: string): T {
  return load(name)
}

function dropFromCache(name: string) {
  const folder = join('node_modules', name, '/')
  for (const file of Object.keys(load.cache)) {
    if (file.includes(folder)) delete load.cache[file]
  }
}
