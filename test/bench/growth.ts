import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureCost, warmUp } from './cost'
import { type Effort, quick } from './measure'
import { createRecord, read, type Scenario, scenarios, writing } from './scenarios'
import { table } from './table'

interface Line {
  name: string
  unit: string
  sizes: number[]
  scenario(size: number): Omit<Scenario, 'name'>
}

const { values: args } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'string' } } })

const effort: Effort = args.quick ? { ...quick, rounds: 5 } : { ...quick, rounds: 31 }
const reading = { record: createRecord(0), handle: read, floor: [] }

const lines: Line[] = [
  {
    name: 'session size, read',
    unit: 'bytes',
    sizes: [100, 1_000, 10_000, 100_000, 1_000_000],
    scenario: (size) => ({ ...reading, record: createRecord(size), clients: 4 }),
  },
  {
    name: 'session size, write',
    unit: 'bytes',
    sizes: [100, 1_000, 10_000, 100_000, 1_000_000],
    scenario: (size) => ({ ...writing(), record: createRecord(size), clients: 4 }),
  },
  {
    name: 'other cookies before ours',
    unit: 'bytes',
    sizes: [0, 1_000, 4_000, 16_000, 60_000],
    scenario: (size) => ({ ...reading, otherCookies: size }),
  },
  {
    name: 'stored sessions',
    unit: 'sessions',
    sizes: [1, 1_000, 100_000, 1_000_000],
    scenario: (size) => ({ ...reading, clients: size }),
  },
  {
    name: 'requests of one session at once',
    unit: 'requests',
    sizes: [1, 10, 100, 1_000],
    scenario: (size) => ({ ...reading, ...writing(), clients: 1, connections: size }),
  },
]

async function main() {
  await warmUp(scenarios)
  const results = []
  for (const line of lines) results.push({ line: line.name, costs: await measureLine(line) })
  if (args.json) writeFileSync(args.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`)
}

async function measureLine({ name, unit, sizes, scenario }: Line) {
  const costs = []
  for (const size of sizes) costs.push({ size, ...(await measureCost({ name, ...scenario(size) }, effort)) })
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

main()
