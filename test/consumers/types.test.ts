import { describe, it, vi } from 'vitest'
import { compilations } from './compilations'
import { useConsumer } from './consumer'

// A compiler uses one processor for the most part.
vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 })

const consumer = useConsumer(['compilers', 'typescript'])

describe('the packed types', () => {
  it.concurrent.each(compilations)('pass %s', async (_title, args) => {
    await consumer.run('node', ...args)
  })
})
