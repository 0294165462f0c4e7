import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import baseline from './baseline.json'
import { type Cost, meanRatio, measureCost, warmUp } from './cost'
import { useExpressObjects } from './drive'
import { quick, thorough } from './measure'
import { scenarios } from './scenarios'
import { table } from './table'

const { values: args } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    /** The request and response objects: `express`, or `http` for those of node:http. Default: both, one after the other. */
    objects: { type: 'string' },
    /** Measures only scenarios whose name contains this text. */
    only: { type: 'string', default: '' },
    /** A folder for the results, with one file for each kind of objects. */
    json: { type: 'string' },
    /** Writes the ratios for node:http to baseline.json, with which the guard compares. Those over HTTP stay. */
    record: { type: 'boolean' },
  },
})

/** The kinds of request and response objects, with their names in the output. */
const KINDS: Record<string, string> = { express: 'Express 5', http: 'bare node:http' }

function main() {
  const { objects } = args
  if (!objects) for (const kind of Object.keys(KINDS)) process.exitCode ||= runWith(kind)
  else if (objects in KINDS) measureAll(objects)
  else throw new TypeError(`--objects must be one of ${Object.keys(KINDS).join(', ')}, not ${objects}`)
}

/** Measures one kind in a separate process, since V8 optimizes code worse after it has seen both kinds. */
function runWith(objects: string) {
  const again = [...process.execArgv, __filename, ...process.argv.slice(2), '--objects', objects]
  return spawnSync(process.execPath, again, { stdio: 'inherit' }).status ?? 1
}

async function measureAll(objects: string) {
  if (objects === 'express') useExpressObjects()
  await warmUp(scenarios)
  const costs: Cost[] = []
  const asked = scenarios.filter(({ name }) => name.includes(args.only))
  for (const scenario of asked) costs.push(await measureCost(scenario, args.quick ? quick : thorough))
  console.log(`Requests of ${KINDS[objects]}\n\n${costTable(costs)}\n`)
  if (args.json) writeJson(join(args.json, `${objects}.json`), { node: process.version, costs })
  if (args.record && objects === 'http') {
    writeJson(join(__dirname, 'baseline.json'), { ...baseline, objects: ratiosOf(costs) })
  }
}

function writeJson(file: string, value: unknown) {
  mkdirSync(dirname(file), { recursive: true })
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
