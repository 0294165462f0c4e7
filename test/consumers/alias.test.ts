import { describe, expect, it } from 'vitest'
import { aliasCompilations } from './compilations'
import { useConsumer } from './consumer'
import { consumerNodes } from './nodes'

const programs = {
  'store-identity.js': 'has the Store class that stores loaded with require() extend',
  'store-identity.mjs': 'has the Store class that imported stores extend',
  'redis-sessions.js': 'stores sessions with connect-redis',
  'entries.js': 'has the other parts of the package under its name',
  'deep-requires.js': 'returns the class for require() of a file inside the package',
}

const consumer = useConsumer(['runtime', 'compilers', 'typescript', 'stores'], 'express-session')

describe('the package under the name express-session', () => {
  it('is the only copy, and its version satisfies the peer dependencies of the stores', async () => {
    const installed = (await installedPackages()).filter(([path]) =>
      path.endsWith('node_modules/express-session'),
    )
    expect(installed).toEqual([
      ['node_modules/express-session', expect.objectContaining({ name: 'sessionware' })],
    ])
  })

  it.each(aliasCompilations)('passes %s', async (_title, args) => {
    await consumer.run('node', ...args)
  })

  describe.each(consumerNodes())('on Node $major', ({ node }) => {
    it.each(Object.entries(programs))('%s: %s', async (program) => {
      expect(await consumer.run(node, program)).toMatch(/works\n$/)
    })
  })
})

async function installedPackages() {
  const lock = JSON.parse(await consumer.run('cat', 'package-lock.json'))
  return Object.entries<{ name?: string }>(lock.packages)
}
