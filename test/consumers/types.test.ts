import { describe, it } from 'vitest'
import { compilations } from './compilations'
import { useConsumer } from './consumer'

const consumer = useConsumer(['typescript'])

describe('the packed types', () => {
  it.each(compilations)('pass %s', async (_title, args) => {
    await consumer.run('node', ...args)
  })
})
