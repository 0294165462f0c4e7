const { availableParallelism } = require('node:os') as typeof import('node:os')
const { readdirSync, readFileSync } = require('node:fs') as typeof import('node:fs')
const { join }: typeof import('node:path') = require('node:path')

/** Folders of tests that need packages of their own, which are installed when one of their tests runs. */
const withPackages = ['stores', 'clients', 'consumers']

/** Unit tests that replace a package by `vi.mock`, which needs modules of their own. */
const mocking = readdirSync(join(__dirname, 'test/unit'), { recursive: true, encoding: 'utf8' })
  .map((name) => join('test/unit', name))
  .filter(
    (path) => path.endsWith('.test.ts') && readFileSync(join(__dirname, path), 'utf8').includes('vi.mock('),
  )

/** Folders of tests whose files have modules and a process of their own. */
const apart = readdirSync(join(__dirname, 'test')).filter(
  (name) => !['unit', 'bench', ...withPackages].includes(name),
)

const filesIn = (folders: string[]) => folders.map((name) => `test/${name}/**/*.test.ts`)

/** The tests of what express-session documents, which also run with the recommended settings. */
const compatible = [
  'cookie-assigned',
  'cookie-attributes',
  'cookie-auto',
  'cookie-expires',
  'cookie-function',
  'cookie-max-age',
  'cookie-path',
  'cookie-reading',
  'destroy',
  'generate',
  'genid',
  'handler-errors',
  'id',
  'memory-store',
  'memory-store-sessions',
  'middleware',
  'name',
  'overridden-methods',
  'proxy',
  'regenerate',
  'reload',
  'resave',
  'rolling',
  'save',
  'save-uninitialized',
  'secret',
  'secret-rotation',
  'session-cookie',
  'statics',
  'store',
  'store-api',
  'store-regenerate',
  'store-styles',
  'touch',
  'unset',
  'upgrade',
  'wrapped-methods',
]

/** The tests get the package with the recommended settings. */
const withRecommended: import('vitest/config').Plugin = {
  name: 'recommended',
  enforce: 'pre',
  async resolveId(source, importer = '') {
    const isTest = importer.startsWith(join(__dirname, 'test')) && !importer.includes('/test/recommended/')
    if (!isTest || !source.startsWith('.')) return undefined
    const found = await this.resolve(source, importer, { skipSelf: true })
    return found?.id === join(__dirname, 'src/index.ts')
      ? join(__dirname, 'test/recommended/session.ts')
      : undefined
  },
}

module.exports = {
  resolve: {
    alias: { sessionware: join(__dirname, 'src/index.ts') },
  },
  test: {
    exclude: ['**/node_modules/**', 'test/consumers/projects/**'],
    env: { NO_DEPRECATION: 'express-session' },
    // A busy machine may need many times as long as an idle one.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Many tests wait for the clock of a server or for another process, so more of them run than there are processors.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: filesIn(['unit']),
          exclude: mocking,
          // The files share their modules, which saves two thirds of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'apart',
          include: [...filesIn(apart), ...mocking],
        },
      },
      {
        extends: true,
        plugins: [withRecommended],
        test: {
          name: 'recommended',
          include: compatible.map((name) => `test/session/${name}.test.ts`),
          // The files share their modules, which halves the time.
          isolate: false,
          runner: join(__dirname, 'test/recommended/runner.ts'),
        },
      },
      ...withPackages.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          globalSetup: [
            'test/install/project.ts',
            ...(name === 'consumers' ? ['test/consumers/tarball.ts'] : []),
          ],
        },
      })),
      // Measurements run after all others and one at a time, so that no test of this run disturbs them.
      {
        extends: true,
        test: {
          name: 'bench',
          include: ['test/bench/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
} satisfies import('vitest/config').ViteUserConfig
