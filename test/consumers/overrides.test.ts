import { describe, expect, it } from 'vitest'
import { overrideCompilations } from './compilations'
import { useConsumer } from './consumer'

describe.each(['sessionware', 'express-session'])('an override of @types/express-session with %s', (name) => {
  const consumer = useConsumer(['compilers', 'overrides'], name)

  it('installs this package in its place', async () => {
    const manifest = JSON.parse(await consumer.run('cat', 'node_modules/@types/express-session/package.json'))
    expect(manifest.name).toBe('sessionware')
  })

  it.each(overrideCompilations)('passes %s', async (_title, args) => {
    await consumer.run('node', ...args)
  })
})
