import { describe, expect, it } from 'vitest'
import { useConsumer } from './consumer'
import { consumerNodes } from './nodes'
import { findProgram, otherRuntimes, type Runtime } from './other-runtimes'

const programs = {
  'required.cjs': 'serves a login, loaded by require()',
  'imported.mjs': 'serves a login, loaded by import',
}

// Deno inherits these: it keeps what it compiles in the consumer's folder, and does not look for a newer version.
process.env.DENO_DIR = '.deno'
process.env.DENO_NO_UPDATE_CHECK = '1'

const consumer = useConsumer(['smoke'])

describe.each(consumerNodes())('the packed package on Node $major', ({ node }) => {
  it.each(Object.entries(programs))('%s: %s', async (program) => {
    expect(await consumer.run(node, program)).toMatch(/works\n$/)
  })
})

for (const runtime of otherRuntimes) {
  describe(`the packed package on ${runtime.name}`, () => {
    for (const [program, title] of Object.entries(programs)) {
      it(`${program}: ${title}`, async ({ skip }) => {
        const path = await findProgram(consumer, runtime).catch((missing) => miss(runtime, missing, skip))
        expect(await consumer.run(path, ...runtime.args, program)).toMatch(/works\n$/)
      })
    }
  })
}

function miss({ name }: Runtime, missing: Error, skip: (note: string) => never): never {
  console.warn(`SKIPPED: the smoke run on ${name}: ${missing.message}`)
  if (process.env.REQUIRE_SERVERS === '1') throw missing
  return skip(missing.message)
}
