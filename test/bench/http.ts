import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ServerKind, StoreKind } from './http-server'
import { median } from './measure'
import { connectRedis, describeCalls } from './round-trips'
import { load, type Sample, type Server, startServer, stopServer } from './servers'
import { table } from './table'

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    /** Seconds of load on each page of each server in one round. */
    duration: { type: 'string', default: '2' },
    store: { type: 'string', multiple: true, default: ['memory', 'redis'] },
    json: { type: 'string' },
  },
})

const pages = ['anonymous', 'read', 'write', 'login']

const servers: Record<StoreKind, ServerKind[]> = {
  memory: ['nothing', 'upstream', 'ours', 'cookie-session'],
  redis: ['nothing', 'upstream', 'ours'],
}

interface Summary {
  page: string
  server: ServerKind
  /** Medians of all rounds. `added` is the CPU time minus that of the server without sessions, `ratio` is to upstream's. */
  cpu: number
  added: number
  ratio: number
  rate: number
  p99: number
  calls?: string
}

async function main() {
  const results: Record<string, Summary[]> = {}
  for (const store of args.store as StoreKind[]) {
    const summaries = await measureStore(store)
    results[store] = summaries
    console.log(`${summaryTable(store, summaries)}\n`)
  }
  if (args.json) writeFileSync(args.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`)
}

async function measureStore(store: StoreKind) {
  const redis = store === 'redis' ? await connectRedis() : undefined
  const running: Server[] = []
  try {
    for (const kind of servers[store]) running.push(await startServer(kind, store))
    const summaries = []
    for (const page of pages) summaries.push(...(await measurePage(running, page, redis)))
    return summaries
  } finally {
    for (const server of running) await stopServer(server)
    await redis?.close()
  }
}

type Redis = Awaited<ReturnType<typeof connectRedis>>

async function measurePage(running: Server[], page: string, redis: Redis | undefined) {
  const samples = running.map((server) => ({ server: server.kind, runs: [] as Sample[], calls: '' }))
  for (const server of running) await load(server, page, 1)
  for (let round = 0; round < Number(args.rounds); round++) {
    for (const [i, server] of running.entries()) {
      const before = await redis?.countCalls()
      const run = await load(server, page, Number(args.duration))
      const entry = samples[i]
      entry?.runs.push(run)
      if (entry && redis && before)
        entry.calls = describeCalls(before, await redis.countCalls(), run.requests)
    }
  }
  return summarize(page, samples)
}

function summarize(page: string, samples: Array<{ server: ServerKind; runs: Sample[]; calls: string }>) {
  const summaries = samples.map(({ server, runs, calls }) => ({
    page,
    server,
    cpu: median(runs.map(({ cpu }) => cpu)),
    rate: median(runs.map(({ rate }) => rate)),
    p99: median(runs.map(({ p99 }) => p99)),
    calls,
  }))
  const cpuOf = (kind: ServerKind) => summaries.find(({ server }) => server === kind)?.cpu ?? Number.NaN
  return summaries.map((summary): Summary => {
    const added = summary.cpu - cpuOf('nothing')
    return { ...summary, added, ratio: added / (cpuOf('upstream') - cpuOf('nothing')) }
  })
}

function summaryTable(store: StoreKind, summaries: Summary[]) {
  const rows = summaries.map(({ page, server, cpu, added, ratio, rate, p99, calls }) => ({
    [`${store}: page`]: page,
    server,
    'CPU µs/request': cpu,
    'added µs': server === 'nothing' ? Number.NaN : added,
    'ratio to upstream': server === 'nothing' ? Number.NaN : ratio,
    'requests/s': rate,
    'p99 ms': p99,
    ...(store === 'redis' && { 'Redis calls a request': calls ?? '' }),
  }))
  return table(rows)
}

main()
