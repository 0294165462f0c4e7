import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createApp, createCookies } from './app'
import { measureCost, warmUp } from './cost'
import { drive } from './drive'
import { loadLibrary } from './libraries'
import { type Effort, median, quick } from './measure'
import { createRecord, read, type Scenario, scenarios, writing } from './scenarios'
import { load, type Server, startServer, stopServer } from './servers'
import { table } from './table'

interface Line {
  name: string
  unit: string
  sizes: number[]
  measure(size: number): Promise<Figures>
}

interface Figures {
  upstream: number
  ours: number
  ratio: number
}

const { values: args } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    /** Measures only lines whose name contains this text. */
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
})

const effort: Effort = args.quick ? { ...quick, rounds: 5 } : { ...quick, rounds: 31 }
const reading = { record: createRecord(0), handle: read, floor: [] }

const lines: Line[] = [
  {
    name: 'session size, read',
    unit: 'bytes',
    sizes: [100, 1_000, 10_000, 100_000, 1_000_000],
    measure: (size) => measureAdded({ ...reading, record: createRecord(size), clients: 4 }),
  },
  {
    name: 'session size, write',
    unit: 'bytes',
    sizes: [100, 1_000, 10_000, 100_000, 1_000_000],
    measure: (size) => measureAdded({ ...writing(), record: createRecord(size), clients: 4 }),
  },
  {
    name: 'other cookies before ours',
    unit: 'bytes',
    sizes: [0, 1_000, 4_000, 16_000, 60_000],
    measure: (size) => measureAdded({ ...reading, otherCookies: size }),
  },
  {
    name: 'stored sessions',
    unit: 'sessions',
    sizes: [1, 1_000, 100_000, 1_000_000],
    measure: (size) => measureAdded({ ...reading, clients: size }),
  },
  {
    name: 'requests of one session at once',
    unit: 'requests',
    sizes: [1, 10, 100, 1_000],
    measure: (size) => measureAdded({ ...reading, ...writing(), clients: 1, connections: size }),
  },
  {
    name: 'longest hold of the event loop, by session size',
    unit: 'bytes',
    sizes: [1_000, 100_000, 1_000_000],
    measure: (size) => measureHold({ ...writing(), record: createRecord(size), clients: 1, connections: 1 }),
  },
  {
    name: 'processes that share one Redis, each at full load',
    unit: 'processes',
    sizes: [1, 2],
    measure: measureProcesses,
  },
]

async function main() {
  await warmUp(scenarios)
  const results = []
  const asked = lines.filter(({ name }) => name.includes(args.only))
  for (const line of asked) results.push({ line: line.name, costs: await measureLine(line) })
  if (args.json) writeFileSync(args.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`)
}

async function measureLine({ name, unit, sizes, measure }: Line) {
  const costs = []
  for (const size of sizes) costs.push({ size, ...(await measure(size)) })
  const [first] = costs
  const rows = costs.map(({ size, upstream, ours, ratio }) => ({
    [`${name} (${unit})`]: size.toLocaleString('en'),
    'upstream µs': upstream,
    'ours µs': ours,
    ratio,
    'upstream grew by': upstream - (first?.upstream ?? 0),
    'ours grew by': ours - (first?.ours ?? 0),
  }))
  console.log(`${table(rows)}\n`)
  return costs
}

type Load = Omit<Scenario, 'name'>

/** The CPU time that the session adds to a request. */
function measureAdded(load: Load): Promise<Figures> {
  return measureCost({ name: '', ...load }, effort)
}

/** The median, over many requests, of the longest time in which a request lets the event loop do nothing else. */
async function measureHold(load: Load): Promise<Figures> {
  const scenario = { name: '', ...load }
  const apps = (['upstream', 'ours'] as const).map((name) => createApp(loadLibrary(name), scenario).listener)
  const holds: number[][] = apps.map(() => [])
  const cookies = createCookies(scenario)
  for (let round = -10; round < (args.quick ? 10 : 60); round++) {
    for (const [i, app] of apps.entries()) {
      const hold = await longestHold(() => drive(app, { cookies, requests: 1, connections: 1 }))
      if (round >= 0) holds[i]?.push(hold)
    }
  }
  const [upstream = Number.NaN, ours = Number.NaN] = holds.map(median)
  return { upstream, ours, ratio: ours / upstream }
}

/** The CPU time that the session adds to a request of each process, over HTTP. */
async function measureProcesses(amount: number): Promise<Figures> {
  const kinds = ['nothing', 'upstream', 'ours'] as const
  const groups: Server[][] = []
  const samples: number[][] = kinds.map(() => [])
  try {
    for (const kind of kinds) {
      groups.push([])
      for (let i = 0; i < amount; i++) groups.at(-1)?.push(await startServer(kind, 'redis'))
    }
    for (let round = -15; round < (args.quick ? 5 : 31); round++) {
      for (const [i, group] of groups.entries()) {
        const loads = await Promise.all(group.map((server) => load(server, 'read', 2_000)))
        if (round >= 0) samples[i]?.push(median(loads.map(({ cpu }) => cpu)))
      }
    }
  } finally {
    for (const server of groups.flat()) await stopServer(server)
  }
  const added = (i: number) =>
    median((samples[i] ?? []).map((cpu, round) => cpu - (samples[0]?.[round] ?? Number.NaN)))
  return { upstream: added(1), ours: added(2), ratio: added(2) / added(1) }
}

/** Returns the longest time, in microseconds, between two turns of the event loop while the work is done. */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let isDone = false
  let last = performance.now()
  const turn = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  await new Promise((resolve) => setImmediate(resolve))
  longest = 0
  await work()
  isDone = true
  await new Promise((resolve) => setImmediate(resolve))
  return longest * 1000
}

main()
