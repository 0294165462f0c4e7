import { describe, expect, it } from 'vitest'
import { useConsumer } from './consumer'
import { consumerNodes } from './nodes'

const programs = {
  'commonjs.js': 'gives require() the function with its classes, and works',
  'es-module.mjs': 'gives import the default and the named exports, and works',
  'one-identity.mjs': 'is one and the same under import and require()',
  'deep-requires.js': 'gives the class itself to a deep require, with and without .js',
  'es5-stores.js': 'lets ES5 stores inherit from Store and call it without new',
  'bundled.js': 'works bundled into one file by esbuild',
}

const consumer = useConsumer(['runtime'])

describe.each(consumerNodes())('the packed package on Node $major', ({ major, node }) => {
  it('runs on the Node it is meant to run on', async () => {
    expect(await consumer.run(node, '-p', 'process.versions.node')).toMatch(new RegExp(`^${major}\\.`))
  })

  it.each(Object.entries(programs))('%s: %s', async (program) => {
    expect(await consumer.run(node, program)).toMatch(/works\n$/)
  })

  it('works from TypeScript run by tsx', async () => {
    expect(await consumer.run(node, '--import', 'tsx', 'typescript.ts')).toMatch(/works\n$/)
  })
})
