import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Cost, meanRatio } from './cost'
import { table } from './table'

const { values: args } = parseArgs({
  options: {
    json: { type: 'string', default: 'docs/bench.json' },
    svg: { type: 'string', default: 'docs/bench.svg' },
  },
})

const WIDTH = 760
const ROW = 26
const TOP = 64
const LEFT = 190
const BAR = 470

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .note { fill: #59636e }
  .upstream { fill: #d1d9e0 }
  .ours { fill: #0969da }
  .floor { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .upstream { fill: #3d444d }
    .ours { fill: #4493f8 }
    .floor { fill: #f0883e }
  }`

function main() {
  const { costs, node } = JSON.parse(readFileSync(args.json, 'utf8')) as { costs: Cost[]; node: string }
  writeFileSync(args.svg, drawChart(costs, node))
  console.log(reportTable(costs))
}

function drawChart(costs: Cost[], node: string) {
  const height = TOP + costs.length * ROW + 34
  const title = 'CPU time a request pays for its session, express-session = 1'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<style>${style}
</style>
<text class="title" x="12" y="24">${title}</text>
${legend()}
${costs.map((cost, row) => bar(cost, TOP + row * ROW)).join('\n')}
<text class="note" x="${LEFT}" y="${height - 12}">geometric mean ${meanRatio(costs).toFixed(2)}, Node ${node}</text>
</svg>
`
}

function legend() {
  return [
    { name: 'sessionware', kind: 'ours', x: LEFT },
    { name: 'express-session', kind: 'upstream', x: LEFT + 110 },
    { name: 'HMAC and JSON alone', kind: 'floor', x: LEFT + 240 },
  ]
    .map(
      ({ name, kind, x }) =>
        `${box(kind, x, 38, 12, 12)}<text class="note" x="${x + 18}" y="49">${name}</text>`,
    )
    .join('\n')
}

function bar({ scenario, upstream, ratio, floor }: Cost, y: number) {
  const length = BAR * Math.min(Math.max(ratio, 0), 1.1)
  const floorMark = floor > 0 ? box('floor', LEFT + (BAR * floor) / upstream - 1, y, 3, 18) : ''
  return [
    `<text x="${LEFT - 12}" y="${y + 14}" text-anchor="end">${scenario}</text>`,
    box('upstream', LEFT, y, BAR, 18),
    box('ours', LEFT, y, length, 18),
    floorMark,
    `<text x="${LEFT + Math.max(length, BAR) + 10}" y="${y + 14}">${ratio.toFixed(2)}</text>`,
  ].join('')
}

function box(kind: string, x: number, y: number, width: number, height: number) {
  return `<rect class="${kind}" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}" rx="2"/>`
}

/** Ratios only: the absolute times are the machine's. */
function reportTable(costs: Cost[]) {
  const rows = costs.map(({ scenario, upstream, ours, ratio, floor }) => ({
    request: scenario,
    'express-session': 1,
    sessionware: ratio,
    'HMAC and JSON alone': floor > 0 ? floor / upstream : Number.NaN,
    'sessionware to those': floor > 0 ? ours / floor : Number.NaN,
  }))
  return `${table(rows)}\n\nGeometric mean: ${meanRatio(costs).toFixed(2)}`
}

main()
