import { join } from 'node:path'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Processes, startProcesses } from '../support/processes'
import { addTogether, countTogether, endTogether, type Result } from '../support/processes/races'
import { type Lease, MissingServer } from './contract'
import { uniqueName } from './kinds/unique-name'
import { redis } from './servers'

const counts = { increments: 2000, keys: 400, ends: 120 }

describe.each([2, 4])('%i processes on one Redis', (count) => {
  const prefix = `${uniqueName()}:`
  let lease: Lease | Error
  let processes: Processes

  beforeAll(async () => {
    lease = await redis.lease().catch((err: Error) => err)
    if (lease instanceof Error) return
    const env = { TEST_REDIS_URL: lease.url.href, TEST_PREFIX: prefix }
    processes = await startProcesses({ count, store: join(__dirname, 'own-redis-member.ts'), env })
  })

  afterAll(async () => {
    await processes?.close()
    if (!(lease instanceof Error)) await dropKeys(lease.url, prefix)
  })

  const races: [title: string, run: () => Promise<Result>][] = [
    [`lose none of ${counts.increments} increments`, () => countTogether(processes, counts.increments)],
    [`lose none of ${counts.keys} keys`, () => addTogether(processes, counts.keys)],
    [`bring none of ${counts.ends} ended sessions back`, () => endTogether(processes, counts.ends)],
  ]

  it.each(races)('%s', async (title, run) => {
    if (lease instanceof Error) return miss(lease)
    const { bad, errors, tries, writes } = await run()
    console.log(`${count} processes, ${title}: ${(tries / writes).toFixed(2)} tries per write`)
    expect({ bad, errors }).toEqual({ bad: 0, errors: [] })
    expect(tries / writes).toBeLessThan(4)
  })
})

async function dropKeys(url: URL, prefix: string) {
  const client = await createClient({ url: url.href }).connect()
  for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 1000 }))
    if (keys.length > 0) await client.del(keys)
  await client.close()
}

function miss(err: Error) {
  if (!(err instanceof MissingServer) || process.env.REQUIRE_SERVERS === '1') throw err
  console.warn(`NO SERVER: ${err.message}`)
}
