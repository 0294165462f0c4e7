import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Cost, meanRatio, measureCost, warmUp } from './cost'
import { useExpressObjects } from './drive'
import { quick, thorough } from './measure'
import { scenarios } from './scenarios'
import { table } from './table'

const { values: args } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    /** With requests and responses as Express makes them, not bare ones of node:http. */
    express: { type: 'boolean', default: false },
    /** The scenarios whose name has this. */
    only: { type: 'string', default: '' },
    /** A file for the results. */
    json: { type: 'string' },
    /** Keeps the ratios as those that the guard compares with. */
    record: { type: 'boolean' },
  },
})

async function main() {
  if (args.express) useExpressObjects()
  await warmUp(scenarios)
  const costs: Cost[] = []
  const asked = scenarios.filter(({ name }) => name.includes(args.only))
  for (const scenario of asked) costs.push(await measureCost(scenario, args.quick ? quick : thorough))
  console.log(costTable(costs))
  if (args.json) writeJson(args.json, { node: process.version, express: args.express, costs })
  if (args.record) writeJson(join(__dirname, 'baseline.json'), ratiosOf(costs))
}

function writeJson(file: string, value: unknown) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
}

function ratiosOf(costs: Cost[]) {
  return Object.fromEntries(costs.map(({ scenario, ratio }) => [scenario, Number(ratio.toFixed(2))]))
}

function costTable(costs: Cost[]) {
  const rows = costs.map(({ scenario, upstream, ours, ratio, floor }) => ({
    scenario,
    'upstream µs': upstream,
    'ours µs': ours,
    ratio,
    'floor µs': floor || Number.NaN,
    'ours/floor': ours / (floor || Number.NaN),
  }))
  return `${table(rows)}\ngeometric mean of the ratios: ${meanRatio(costs).toFixed(2)}`
}

main()
