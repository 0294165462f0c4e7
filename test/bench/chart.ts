import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Cost, meanRatio } from './cost'
import { table } from './table'

interface Results {
  node: string
  costs: Cost[]
}

const { values: args } = parseArgs({
  options: {
    /** The folder with the results for both kinds of objects; the chart is written there too. */
    folder: { type: 'string', default: 'docs/bench' },
  },
})

const WIDTH = 760
const ROW = 34
const TOP = 64
const LEFT = 190
const FULL = 470
const THICKNESS = 12

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .note, .ratio { fill: #59636e }
  .ratio { font-size: 11px }
  .upstream { fill: #d1d9e0 }
  .express { fill: #0969da }
  .http { fill: #54aeff }
  .floor { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note, .ratio { fill: #9198a1 }
    .upstream { fill: #3d444d }
    .express { fill: #4493f8 }
    .http { fill: #9bc8ff }
    .floor { fill: #f0883e }
  }`

function main() {
  const [express, http] = [readResults('express'), readResults('http')]
  writeFileSync(join(args.folder, 'chart.svg'), drawChart(express, http))
  console.log(reportTable(express, http))
}

function readResults(objects: string): Results {
  return JSON.parse(readFileSync(join(args.folder, `${objects}.json`), 'utf8'))
}

function drawChart(express: Results, http: Results) {
  const height = TOP + http.costs.length * ROW + 30
  const title = 'CPU time a request pays for its session, express-session = 1'
  const means = `geometric mean ${meanRatio(express.costs).toFixed(2)} with Express 5, ${meanRatio(http.costs).toFixed(2)} with bare node:http; Node ${http.node}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<style>${style}
</style>
<text class="title" x="12" y="24">${title}</text>
${legend()}
${pairs(express, http).map(drawRow).join('\n')}
<text class="note" x="${LEFT}" y="${height - 10}">${means}</text>
</svg>
`
}

function legend() {
  return [
    { name: 'with Express 5', kind: 'express', x: LEFT },
    { name: 'with bare node:http', kind: 'http', x: LEFT + 135 },
    { name: 'HMAC and JSON alone', kind: 'floor', x: LEFT + 300 },
  ]
    .map(
      ({ name, kind, x }) => `${box(kind, x, 38, 12)}<text class="note" x="${x + 18}" y="49">${name}</text>`,
    )
    .join('\n')
}

function drawRow({ scenario, express, http }: Pair, row: number) {
  const y = TOP + row * ROW
  return [
    `<text x="${LEFT - 12}" y="${y + 17}" text-anchor="end">${scenario}</text>`,
    bar('express', express, y),
    bar('http', http, y + THICKNESS + 1),
  ].join('')
}

function bar(kind: string, { ratio, floor, upstream }: Cost, y: number) {
  const length = FULL * Math.min(Math.max(ratio, 0), 1.1)
  const label = ratio < 0 ? 'below 0' : ratio.toFixed(2)
  return [
    box('upstream', LEFT, y, FULL),
    box(kind, LEFT, y, length),
    floor > 0 ? box('floor', LEFT + (FULL * floor) / upstream - 1, y, 3) : '',
    `<text class="ratio" x="${LEFT + Math.max(length, FULL) + 10}" y="${y + 10}">${label}</text>`,
  ].join('')
}

function box(kind: string, x: number, y: number, width: number) {
  return `<rect class="${kind}" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${THICKNESS}" rx="2"/>`
}

type Pair = ReturnType<typeof pairs>[number]

/** Returns the costs of each scenario with both kinds of objects. */
function pairs(express: Results, http: Results) {
  return http.costs.map((cost) => {
    const { scenario } = cost
    const other = express.costs.find((candidate) => candidate.scenario === scenario)
    if (!other) throw new Error(`${scenario} was not measured with Express's request objects`)
    return { scenario, express: other, http: cost }
  })
}

/** Shows only ratios, since absolute times depend on the machine. */
function reportTable(express: Results, http: Results) {
  const rows = pairs(express, http).map(({ scenario, express, http }) => ({
    request: scenario,
    Express: express.ratio,
    'node:http': http.ratio,
    'HMAC and JSON alone': floorOf(http) / http.upstream,
    'node:http to those': http.ours / floorOf(http),
  }))
  return `${table(rows)}\n\nGeometric means: ${meanRatio(express.costs).toFixed(2)}, ${meanRatio(http.costs).toFixed(2)}`
}

function floorOf({ floor }: Cost) {
  return floor || Number.NaN
}

main()
