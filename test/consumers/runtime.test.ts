import { describe, expect, it } from 'vitest'
import { useConsumer } from './consumer'
import { consumerNodes } from './nodes'

const programs = {
  'commonjs.js': 'returns the function with its classes from require(), and works',
  'es-module.mjs': 'has a default export and named exports, and works',
  'one-identity.mjs': 'is the same function with import and with require()',
  'deep-requires.js': 'returns the class for require() of a file inside the package, with and without .js',
  'entries.js': 'has the entries of the stores, which need no client to be loaded, with require() and import',
  'es5-stores.js': 'lets ES5 stores inherit from Store and call it without new',
  'failed-save.js': 'sends the answer of the error handler after a failed save, over HTTP/1 and HTTP/2',
  'bundled.js': 'works when esbuild bundles it into one file',
}

const consumer = useConsumer(['runtime'])

describe.each(consumerNodes())('the packed package on Node $major', ({ major, node }) => {
  it('runs on this version of Node', async () => {
    expect(await consumer.run(node, '-p', 'process.versions.node')).toMatch(new RegExp(`^${major}\\.`))
  })

  it.each(Object.entries(programs))('%s: %s', async (program) => {
    expect(await consumer.run(node, program)).toMatch(/works\n$/)
  })

  it('works in TypeScript that tsx runs', async () => {
    expect(await consumer.run(node, '--import', 'tsx', 'typescript.ts')).toMatch(/works\n$/)
  })
})
