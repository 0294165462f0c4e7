import type session from '../../src'

export type SessionLibrary = typeof session
export type LibraryName = 'ours' | 'upstream'

/** Ours is the built package, as users run it; BENCH_OURS names another build. */
export function loadLibrary(name: LibraryName): SessionLibrary {
  return name === 'upstream' ? require('express-session') : require(process.env.BENCH_OURS ?? '../../dist')
}
