import { describe, it } from 'vitest'
import { compilations } from './compilations'
import { useConsumer } from './consumer'

const consumer = useConsumer(['compilers', 'typescript'])

describe('the packed types', () => {
  it.each(compilations)('pass %s', async (_title, args) => {
    await consumer.run('node', ...args)
  })
})
