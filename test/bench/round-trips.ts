import { createClient } from 'redis'
import { REDIS_PREFIX, REDIS_URL } from './servers'

export type Calls = Record<string, number>

export async function connectRedis() {
  const client = createClient({ url: REDIS_URL })
  await client.connect()
  return {
    /** Resolves to the number of calls of each command, from the server's statistics. */
    async countCalls(): Promise<Calls> {
      const stats = await client.info('commandstats')
      const lines = stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)
      return Object.fromEntries([...lines].map(([, command, calls]) => [command, Number(calls)]))
    },
    async close() {
      for await (const keys of client.scanIterator({ MATCH: `${REDIS_PREFIX}*`, COUNT: 1000 }))
        if (keys.length > 0) await client.del(keys)
      await client.close()
    },
  }
}

/** Returns the calls of each command between two counts, divided by the requests: `get 1.00, set 1.00`. */
export function describeCalls(before: Calls, after: Calls, requests: number) {
  return Object.keys(after)
    .filter((command) => command !== 'info')
    .map((command) => ({ command, each: ((after[command] ?? 0) - (before[command] ?? 0)) / requests }))
    .filter(({ each }) => each >= 0.005)
    .map(({ command, each }) => `${command} ${each.toFixed(2)}`)
    .join(', ')
}
