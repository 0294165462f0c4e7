const { join }: typeof import('node:path') = require('node:path')

/** Folders of tests that need packages of their own, which are installed when one of their tests runs. */
const withPackages = ['stores', 'clients', 'consumers']

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
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['bench', ...withPackages].map((name) => `test/${name}/**`),
        },
      },
      { extends: true, test: { name: 'bench', include: ['test/bench/**/*.test.ts'] } },
      ...withPackages.map((name) => ({
        extends: true as const,
        test: { name, include: [`test/${name}/**/*.test.ts`], globalSetup: ['test/install/project.ts'] },
      })),
    ],
  },
} satisfies import('vitest/config').ViteUserConfig
