import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Cost, meanRatio, measureCost, warmUp } from './cost'
import { quick, thorough } from './measure'
import { scenarios } from './scenarios'
import { table } from './table'

const { values: args } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'string' } } })

async function main() {
  await warmUp(scenarios)
  const costs: Cost[] = []
  for (const scenario of scenarios) costs.push(await measureCost(scenario, args.quick ? quick : thorough))
  console.log(costTable(costs))
  if (args.json) writeFileSync(args.json, `${JSON.stringify({ node: process.version, costs }, null, 2)}\n`)
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
