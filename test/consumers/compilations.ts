const nodenext = 'tsconfig.nodenext.json'
const bundler = 'tsconfig.bundler.json'
const node10 = 'tsconfig.node10.json'
const noInterop = 'tsconfig.no-interop.json'

const INEXACT = ['--exactOptionalPropertyTypes', 'false']

/** The compilations of the TypeScript fixtures: a title, and the arguments for Node. */
export const compilations = [
  compilation('typescript', nodenext, 'false'),
  compilation('typescript', bundler, 'false'),
  compilation('typescript5', nodenext, 'false'),
  compilation('typescript54', nodenext, 'false'),
  // TypeScript 7 does not support these two.
  compilation('typescript5', node10, 'false'),
  compilation('typescript5', noInterop, 'false'),
  // The types of Node and Express need TypeScript 5, so they are not checked.
  compilation('typescript4', nodenext, 'true', ...INEXACT),
] as const

/** The same under another name of the package, which can only change how its modules are found. */
export const aliasCompilations = [
  compilation('typescript', nodenext, 'true'),
  compilation('typescript5', node10, 'true'),
  compilation('typescript4', nodenext, 'true', ...INEXACT),
]

/** The compilations of programs that compile with @types/express-session. */
export const upstreamCompilations = [
  compilation('typescript', nodenext, 'false'),
  compilation('typescript', nodenext, 'true', ...INEXACT),
  compilation('typescript', nodenext, 'true', ...INEXACT, '--strict', 'false'),
  compilation('typescript', bundler, 'true'),
  compilation('typescript5', nodenext, 'false'),
  compilation('typescript5', node10, 'true', ...INEXACT),
  compilation('typescript4', nodenext, 'true'),
  compilation('typescript4', nodenext, 'true', ...INEXACT, '--strict', 'false'),
]

/** The compilations of programs that use store packages. Some of these packages have errors in their types. */
export const storeCompilations = [
  compilation('typescript', 'tsconfig.stores.json', 'true'),
  compilation('typescript', 'tsconfig.stores.json', 'true', ...INEXACT),
  compilation('typescript5', 'tsconfig.stores.json', 'true'),
  compilation('typescript4', 'tsconfig.stores.json', 'true'),
]

/** The compilations of a program with store packages and with this package's own stores. */
export const ownStoreCompilations = [
  compilation('typescript', 'tsconfig.own-stores.json', 'true'),
  compilation('typescript4', 'tsconfig.own-stores.json', 'true'),
]

/** The compilations of the test file that connect-redis publishes. */
export const connectRedisCompilations = [
  compilation('typescript', 'tsconfig.connect-redis.json', 'true'),
  compilation('typescript', 'tsconfig.connect-redis.json', 'true', '--exactOptionalPropertyTypes', 'true'),
  compilation('typescript5', 'tsconfig.connect-redis.json', 'true'),
]

/** The compilations of a program whose packages bring @types/express-session, which an override replaces. */
export const overrideCompilations = [
  compilation('typescript', nodenext, 'false'),
  // TypeScript 5 loads all packages in @types if `types` is not set.
  compilation('typescript5', 'tsconfig.all-types.json', 'true'),
]

function compilation(
  compiler: string,
  project: string,
  skipLibCheck: 'true' | 'false',
  ...options: string[]
) {
  const args = [`node_modules/${compiler}/bin/tsc`, '-p', project, '--skipLibCheck', skipLibCheck, ...options]
  return [[compiler, ...args.slice(1)].join(' '), args] as const
}
