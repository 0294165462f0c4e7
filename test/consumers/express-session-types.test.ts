import { describe, it, vi } from 'vitest'
import {
  connectRedisCompilations,
  ownStoreCompilations,
  storeCompilations,
  upstreamCompilations,
} from './compilations'
import { useConsumer } from './consumer'

// A compiler uses one processor for the most part.
vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 })

const fixtures = ['compilers', 'express-session-types', 'store-types']
const rightCompilations = [upstreamCompilations, storeCompilations, connectRedisCompilations].flatMap(
  (each) => each.slice(0, 1),
)

// The first one shows, for some compilers, that the programs are right. A program that compiles there must compile with this
// package.
describe.each([
  ['@types/express-session', [...fixtures, 'upstream-types'], rightCompilations],
  [
    'the packed types under the name express-session',
    [...fixtures, 'own-stores'],
    [...upstreamCompilations, ...storeCompilations, ...connectRedisCompilations, ...ownStoreCompilations],
  ],
])('programs for express-session with %s', (_name, fixtures, compilations) => {
  const consumer = useConsumer(fixtures, 'express-session')

  it.concurrent.each(compilations)('pass %s', async (_title, args) => {
    await consumer.run('node', ...args)
  })
})
