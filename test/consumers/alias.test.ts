import { describe, expect, it } from 'vitest'
import { compilations } from './compilations'
import { useConsumer } from './consumer'
import { consumerNodes } from './nodes'

const programs = {
  'store-identity.js': 'is the Store that required stores extend',
  'store-identity.mjs': 'is the Store that imported stores extend',
  'redis-sessions.js': 'keeps sessions in connect-redis',
  'deep-requires.js': 'gives the class itself to a deep require',
}

const consumer = useConsumer(['runtime', 'typescript', 'stores'], 'express-session')

describe('the package under the name express-session', () => {
  it('is the only copy, within the peer ranges of the stores', async () => {
    const installed = (await installedPackages()).filter(([path]) =>
      path.endsWith('node_modules/express-session'),
    )
    expect(installed).toEqual([
      ['node_modules/express-session', expect.objectContaining({ name: 'sessionware' })],
    ])
  })

  it.each(compilations)('passes %s', async (_title, args) => {
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
