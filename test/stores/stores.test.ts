import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ours, upstream } from '../support/implementations'
import { MissingServer, type StoreKind } from './contract'
import { kinds } from './kinds'
import { wrapped } from './kinds/wrapped'
import { type Bench, openBench, type Scenario, scenarios, type Way } from './scenarios'
import { Table } from './table'

// The clocks of the servers cannot be faked, so the tests run in real time and wait concurrently.
vi.setConfig({ maxConcurrency: 30, testTimeout: 600_000 })

const underTest = process.env.SESSION_UNDER_TEST === 'upstream' ? upstream : ours
const ways: Way[] = [
  { name: 'with this package as express-session', base: underTest, session: underTest },
  { name: 'with the original express-session as its peer dependency', base: upstream, session: underTest },
]
const known = underTest === ours ? [...kinds, ...wrapped] : kinds
const tried = known.filter(({ isOlderClient }) => !isOlderClient || process.env.EVERY_CLIENT === '1')
const table = new Table()

type Skip = (note: string) => void

for (const kind of tried) {
  describe.concurrent(kind.name, () => {
    for (const way of kind.isOwn ? ways.slice(0, 1) : ways)
      describe.sequential(way.name, () => runScenarios(kind, way))
  })
}

afterAll(() => {
  for (const kind of tried) {
    for (const [column, { reason }] of Object.entries(kind.faults ?? {})) {
      table.note(`known fault: ${kind.name}, ${column}: ${reason}`)
    }
  }
  for (const { name } of known.filter((kind) => !tried.includes(kind))) {
    table.note(`left out: ${name}, which the store suite runs; EVERY_CLIENT=1 runs it here too`)
  }
  console.log(table.print(tried, scenarios))
})

function runScenarios(kind: StoreKind, way: Way) {
  let bench: Bench | MissingServer

  beforeAll(async () => {
    bench = await openBench(kind, way)
    if (bench instanceof MissingServer) return
    if (bench.lease) table.note(`server: ${kind.name} ran on ${bench.lease.description}`)
    return bench.close
  })

  for (const scenario of scenarios) {
    if (!isApplicable(kind, scenario)) {
      table.mark(kind, scenario, 'n.a.')
      continue
    }
    it(scenario.title, async ({ skip }) => {
      if (bench instanceof MissingServer) return miss(kind, scenario, bench, skip)
      await attempt(kind, scenario, bench, skip)
    })
  }
}

function isApplicable(kind: StoreKind, { needs }: Scenario): boolean {
  if (needs === undefined) return true
  if (needs === 'server') return kind.server !== undefined
  if (needs === 'this package') return underTest === ours
  if (needs === 'Store') return kind.extendsStore !== false
  return kind.abilities.includes(needs)
}

function miss(kind: StoreKind, scenario: Scenario, missing: MissingServer, skip: Skip) {
  table.mark(kind, scenario, 'NO SERVER')
  table.note(`NO SERVER: ${kind.name}: ${missing.message}`)
  if (process.env.REQUIRE_SERVERS === '1') throw missing
  skip(missing.message)
}

async function attempt(kind: StoreKind, scenario: Scenario, bench: Bench, skip: Skip) {
  const fault = kind.faults?.[scenario.column]
  try {
    const run = scenario.run(bench)
    if (fault === undefined) await run
    else await expect(run, `the known fault no longer occurs: ${fault.reason}`).rejects.toThrow(fault.error)
  } catch (err) {
    if (err instanceof MissingServer) return miss(kind, scenario, err, skip)
    table.mark(kind, scenario, 'FAIL')
    throw err
  }
  table.mark(kind, scenario, fault === undefined ? 'pass' : 'known fault')
}
