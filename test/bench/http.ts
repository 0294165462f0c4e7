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
    rounds: { type: 'string', default: '31' },
    /** Requests for each page of each server in one round. */
    amount: { type: 'string', default: '3000' },
    store: { type: 'string', multiple: true, default: ['memory', 'redis'] },
    page: { type: 'string', multiple: true, default: ['anonymous', 'read', 'write', 'login'] },
    /** Seconds at a constant rate for the latency of each server; 0: not measured. */
    latency: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
})

const kinds: Record<StoreKind, ServerKind[]> = {
  memory: ['nothing', 'upstream', 'ours', 'cookie-session'],
  redis: ['nothing', 'upstream', 'ours'],
}

/** The share of the capacity of the server without sessions at which the latency is measured. */
const LATENCY_LOAD = 0.6

interface Summary {
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
  const running: Server[] = []
  try {
    for (const kind of kinds[store]) running.push(await startServer(kind, store))
    const summaries: Summary[] = []
    for (const page of args.page) summaries.push(...(await measurePage(running, page, redis)))
    return summaries
  } finally {
    for (const server of running) await stopServer(server)
    await redis?.close()
  }
}

type Redis = Awaited<ReturnType<typeof connectRedis>>

/** The samples of one server, one a round. */
interface Run {
  server: Server
  samples: Sample[]
  calls: string
  p99: number
}

/** Loads the servers in turns, in an order that changes with each round, and compares them round by round. */
async function measurePage(running: Server[], page: string, redis: Redis | undefined) {
  const runs = running.map((server): Run => ({ server, samples: [], calls: '', p99: Number.NaN }))
  await warmUp(runs, page)
  for (let round = 0; round < Number(args.rounds); round++) {
    for (const run of rotate(runs, round)) {
      const before = await redis?.countCalls()
      run.samples.push(await load(run.server, page, Number(args.amount)))
      if (redis && before) run.calls = describeCalls(before, await redis.countCalls(), Number(args.amount))
    }
  }
  await measureLatency(runs, page)
  return summarize(page, runs)
}

/** Loads all servers until none of them has become more than 3 % faster, and prints how long that took. */
async function warmUp(runs: Run[], page: string) {
  let before = Number.POSITIVE_INFINITY
  for (let round = 1; round <= 20; round++) {
    let now = 0
    for (const { server } of runs) now += (await load(server, page, 2 * Number(args.amount))).cpu
    if (round >= 3 && now > 0.97 * before) return console.log(`${page}: warm after ${round} rounds`)
    before = Math.min(before, now)
  }
  console.log(`${page}: still becoming faster after 20 rounds`)
}

async function measureLatency(runs: Run[], page: string) {
  const seconds = Number(args.latency)
  const bare = runs.find(({ server }) => server.kind === 'nothing')
  if (!seconds || !bare) return
  const rate = LATENCY_LOAD * median(bare.samples.map((sample) => sample.rate))
  for (const run of runs) run.p99 = await latencyAt(run.server, page, rate, seconds)
}

function summarize(page: string, runs: Run[]): Summary[] {
  const added = (kind: ServerKind) => {
    const cpus = (of: ServerKind) =>
      runs.find(({ server }) => server.kind === of)?.samples.map(({ cpu }) => cpu) ?? []
    return cpus(kind).map((cpu, round) => cpu - (cpus('nothing')[round] ?? Number.NaN))
  }
  return runs.map(({ server: { kind }, samples, calls, p99 }) => ({
    page,
    server: kind,
    cpu: estimate(samples.map(({ cpu }) => cpu)),
    procCpu: samples.reduce((sum, sample) => sum + sample.procCpu, 0) / samples.length,
    added: estimate(added(kind)),
    ratio: estimateRatio(added(kind), added('upstream')),
    rate: median(samples.map(({ rate }) => rate)),
    p99,
    calls,
  }))
}

function summaryTable(store: StoreKind, summaries: Summary[]) {
  const rows = summaries.map(({ page, server, cpu, procCpu, added, ratio, rate, p99, calls }) => ({
    [`${store}, ${args.rounds} rounds: page`]: page,
    server,
    'CPU µs/request': cpu.median,
    'by /proc': procCpu,
    'added µs': server === 'nothing' ? '-' : show(added),
    'ratio to upstream': server === 'nothing' ? '-' : show(ratio),
    'requests/s': rate,
    'p99 ms at 60 %': p99,
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
