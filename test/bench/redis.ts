import { parseArgs } from 'node:util'
import type { StoreKind } from './http-server'
import { type Estimate, estimate, estimateRatio } from './paired'
import { connectRedis, describeCalls } from './round-trips'
import { load, type Server, startServer, stopServer } from './servers'
import { table } from './table'

const { values: args } = parseArgs({
  options: {
    /** How often the servers are started anew: V8 does not optimize the same code alike in each process. */
    launches: { type: 'string', default: '3' },
    /** Rounds in each launch. */
    rounds: { type: 'string', default: '15' },
    /** Requests for each page of each server in one round. */
    amount: { type: 'string', default: '2000' },
    /** Requests for each page of each server before the first round. */
    warmUp: { type: 'string', default: '12000' },
    page: { type: 'string', multiple: true, default: ['anonymous', 'read', 'write', 'login'] },
    /** Options of the middleware, as JSON. */
    options: { type: 'string', multiple: true, default: ['{}', '{"saveMode":"merge"}'] },
  },
})

const STORES: Record<string, StoreKind> = { 'sessionware/redis': 'own-redis', 'connect-redis 9': 'redis' }

type Samples = Map<string, { cpu: number[]; calls: string }>

/** Compares the CPU time of requests with sessionware/redis and with connect-redis: same client, same middleware. */
async function main() {
  for (const options of args.options) {
    process.env.BENCH_OPTIONS = options
    const pages = new Map<string, Samples>()
    for (let launch = 0; launch < Number(args.launches); launch++) await measureLaunch(pages)
    console.log(`Options: ${options}\n\n${table([...pages].flatMap(rowsOf))}\n`)
  }
}

async function measureLaunch(pages: Map<string, Samples>) {
  const redis = await connectRedis()
  const servers: [string, Server][] = []
  try {
    for (const [name, store] of Object.entries(STORES)) servers.push([name, await startServer('ours', store)])
    for (const page of args.page) {
      for (const [, server] of servers) await load(server, page, Number(args.warmUp))
      const samples = pages.get(page) ?? new Map(servers.map(([name]) => [name, { cpu: [], calls: '' }]))
      pages.set(page, samples)
      for (let round = 0; round < Number(args.rounds); round++)
        await measureRound(page, servers, samples, redis, round)
    }
  } finally {
    for (const [, server] of servers) await stopServer(server)
    await redis.close()
  }
}

async function measureRound(
  page: string,
  servers: [string, Server][],
  samples: Samples,
  redis: Awaited<ReturnType<typeof connectRedis>>,
  round: number,
) {
  const amount = Number(args.amount)
  for (const [name, server] of round % 2 ? [...servers].reverse() : servers) {
    const before = await redis.countCalls()
    const { cpu } = await load(server, page, amount)
    const sample = samples.get(name)
    sample?.cpu.push(cpu)
    if (sample) sample.calls = describeCalls(before, await redis.countCalls(), amount)
  }
}

function rowsOf([page, samples]: [string, Samples]) {
  const theirs = samples.get('connect-redis 9')?.cpu ?? []
  return [...samples].map(([store, { cpu, calls }]) => ({
    request: page,
    store,
    'CPU µs per request': show(estimate(cpu), 1),
    'ratio to connect-redis': show(estimateRatio(cpu, theirs), 2),
    'commands per request, those of scripts included': calls || 'none',
  }))
}

function show({ median, low, high }: Estimate, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
}

main()
