import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ServerKind, StoreKind } from './http-server'
import { median } from './measure'
import { type Estimate, estimate, estimateRatio, isNoise } from './paired'
import { connectRedis, describeCalls } from './round-trips'
import { latencyAt, load, type Sample, type Server, startServer, stopServer } from './servers'
import { table } from './table'

const { values: args } = parseArgs({
  options: {
    /** How often the servers are started anew: V8 does not optimize the same code alike in each process. */
    launches: { type: 'string', default: '3' },
    /** Rounds in each launch. */
    rounds: { type: 'string', default: '15' },
    /** Requests for each page of each server in one round. */
    amount: { type: 'string', default: '2000' },
    store: { type: 'string', multiple: true, default: ['memory', 'redis'] },
    page: { type: 'string', multiple: true, default: ['anonymous', 'read', 'write', 'login'] },
    server: {
      type: 'string',
      multiple: true,
      default: ['upstream', 'ours', 'own-redis', 'minimal', 'cookie-session'],
    },
    /** Rounds at a constant rate, of a second each, for the latency of each server in a launch; 0: not measured. */
    latency: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
})

/** The share of the capacity of the slowest server at which the latency of all is measured. */
const LATENCY_LOAD = 0.6

export interface Summary {
  page: string
  server: ServerKind
  /** CPU microseconds per request. */
  cpu: Estimate
  procCpu: number
  /** CPU microseconds per request, minus those of the server without sessions in the same round. */
  added: Estimate
  /** `added`, as a ratio to that of express-session in the same rounds. */
  ratio: Estimate
  rate: number
  p99: number
  /** `p99`, as a ratio to that of the server without sessions. */
  p99Ratio: number
  calls: string
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
  const pages = new Map<string, Run[]>()
  try {
    for (let launch = 0; launch < Number(args.launches); launch++) await measureLaunch(store, pages, redis)
  } finally {
    await redis?.close()
  }
  return [...pages].flatMap(([page, runs]) => summarize(page, runs))
}

type Redis = Awaited<ReturnType<typeof connectRedis>>

/** The samples of one kind of server for one page, one a round. */
interface Run {
  kind: ServerKind
  samples: Sample[]
  /** The p99 latencies, in ms. */
  p99s: number[]
  calls: string
}

async function measureLaunch(store: StoreKind, pages: Map<string, Run[]>, redis: Redis | undefined) {
  const kinds = ['nothing', ...args.server] as ServerKind[]
  const running: Server[] = []
  try {
    for (const kind of kinds.filter(
      (kind) => kind !== (store === 'memory' ? 'own-redis' : 'cookie-session'),
    )) {
      running.push(await startServer(kind, store))
    }
    await warmUp(running)
    for (const page of args.page) {
      const runs =
        pages.get(page) ?? running.map(({ kind }): Run => ({ kind, samples: [], p99s: [], calls: '' }))
      pages.set(page, runs)
      await measurePage(running, page, runs, redis)
    }
  } finally {
    for (const server of running) await stopServer(server)
  }
}

/** Loads the servers in turns, in an order that changes with each round, so that they can be compared round by round. */
async function measurePage(running: Server[], page: string, runs: Run[], redis: Redis | undefined) {
  const turns = running.map((server, i) => ({ server, run: runs[i] as Run }))
  for (let round = 0; round < Number(args.rounds); round++) {
    for (const { server, run } of rotate(turns, round)) {
      const before = await redis?.countCalls()
      run.samples.push(await load(server, page, Number(args.amount)))
      if (redis && before) run.calls = describeCalls(before, await redis.countCalls(), Number(args.amount))
    }
  }
  const capacities = runs.map(({ samples }) => median(samples.map(({ rate }) => rate)))
  const rate = LATENCY_LOAD * Math.min(...capacities)
  for (let round = 0; round < Number(args.latency); round++) {
    for (const { server, run } of rotate(turns, round)) run.p99s.push(await latencyAt(server, page, rate, 1))
  }
}

const WARM_UP = { requests: 30_000, most: 120_000, rounds: 5 }

/**
 * Loads each page of all servers until V8 has optimized their code: at least 30,000 requests, and until the last five rounds
 * are at most 3 % faster than the five before. Prints how long that took.
 */
async function warmUp(running: Server[]) {
  const amount = Number(args.amount)
  const sums: number[] = []
  const isStable = () => {
    const [last, before] = [sums.slice(-WARM_UP.rounds), sums.slice(-2 * WARM_UP.rounds, -WARM_UP.rounds)]
    return before.length === WARM_UP.rounds && median(last) > 0.97 * median(before)
  }
  while (sums.length * amount < WARM_UP.most) {
    let sum = 0
    for (const server of running) for (const page of args.page) sum += (await load(server, page, amount)).cpu
    sums.push(sum)
    if (sums.length * amount >= WARM_UP.requests && isStable()) break
  }
  console.error(
    `${isStable() ? 'warm' : 'still becoming faster'} after ${sums.length * amount} requests a page`,
  )
}

function summarize(page: string, runs: Run[]): Summary[] {
  const bare = runs[0] as Run
  const cpusOf = (kind: ServerKind) =>
    runs.find((run) => run.kind === kind)?.samples.map(({ cpu }) => cpu) ?? []
  const added = (kind: ServerKind) =>
    cpusOf(kind).map((cpu, round) => cpu - (bare.samples[round]?.cpu ?? Number.NaN))
  return runs.map(({ kind, samples, p99s, calls }) => ({
    page,
    server: kind,
    cpu: estimate(samples.map(({ cpu }) => cpu)),
    procCpu: samples.reduce((sum, sample) => sum + sample.procCpu, 0) / samples.length,
    added: estimate(added(kind)),
    ratio: estimateRatio(added(kind), added('upstream')),
    rate: median(samples.map(({ rate }) => rate)),
    p99: median(p99s),
    p99Ratio: median(p99s.map((p99, round) => p99 / (bare.p99s[round] ?? Number.NaN))),
    calls,
  }))
}

function summaryTable(store: StoreKind, summaries: Summary[]) {
  const rows = summaries.map(({ page, server, cpu, procCpu, added, ratio, rate, p99, p99Ratio, calls }) => ({
    [`${store}, ${args.launches} x ${args.rounds} rounds: page`]: page,
    server,
    'CPU µs/request': cpu.median,
    'by /proc': procCpu,
    'added µs': server === 'nothing' ? '-' : show(added),
    'ratio to upstream': server === 'nothing' ? '-' : show(ratio),
    'requests/s': rate,
    'p99 ms at 60 %': p99,
    'p99 ratio': p99Ratio,
    ...(store === 'redis' && { 'Redis calls a request': calls }),
  }))
  return table(rows)
}

/** The median, and the interval that contains it with a probability of 95 %. */
function show(result: Estimate) {
  const [middle, low, high] = [result.median, result.low, result.high].map((value) => value.toFixed(2))
  return `${middle} (${low} to ${high})${isNoise(result) ? ' within noise' : ''}`
}

function rotate<T>(items: T[], by: number): T[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

main()
