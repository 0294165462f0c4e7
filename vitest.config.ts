import { join } from 'node:path'

module.exports = {
  resolve: {
    alias: { sessionware: join(__dirname, 'src/index.ts') },
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/consumers/projects/**'],
    env: { NO_DEPRECATION: 'express-session' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
} satisfies import('vitest/config').ViteUserConfig
