import type session from '../../src'

export type SessionLibrary = typeof session
export type LibraryName = 'ours' | 'upstream'

// Diagnostics are off by default, as in production, and MemoryStore does not warn.
process.env.NODE_ENV ??= 'test'

/** Loads a library. Ours is the built package in `dist`; BENCH_OURS is the path of another build. */
export function loadLibrary(name: LibraryName): SessionLibrary {
  return name === 'upstream' ? require('express-session') : require(process.env.BENCH_OURS ?? '../../dist')
}
