import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Line {
  line: string
  costs: { size: number; upstream: number; ours: number }[]
}

const FOLDER = 'docs/bench'
const WIDTH = 760
const COLUMNS = 2
const PANEL = { width: 380, height: 210, left: 58, right: 24, top: 44, bottom: 34 }

const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .name { font-weight: 600 }
  .tick { font-size: 10px; fill: #59636e }
  .axis { stroke: #d1d9e0 }
  .line { fill: none; stroke-width: 2 }
  .upstream { stroke: #8c959f; fill: #8c959f }
  .ours { stroke: #0969da; fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .tick { fill: #9198a1 }
    .axis { stroke: #3d444d }
    .upstream { stroke: #9198a1; fill: #9198a1 }
    .ours { stroke: #4493f8; fill: #4493f8 }
  }`

/** Draws the results of `npm run bench:growth -- --json docs/bench/growth.json`: a panel for each line, with two log axes. */
function main() {
  const { node, results } = JSON.parse(readFileSync(join(FOLDER, 'growth.json'), 'utf8')) as {
    node: string
    results: Line[]
  }
  const height = 64 + Math.ceil(results.length / COLUMNS) * PANEL.height
  const title = `Microseconds that a request pays for its session, Node ${node}`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<style>${style}
</style>
<text class="title" x="12" y="24">${title}</text>
<circle class="upstream" cx="18" cy="44" r="4"/><text x="28" y="48">express-session</text>
<circle class="ours" cx="148" cy="44" r="4"/><text x="158" y="48">sessionware</text>
${results.map(drawPanel).join('\n')}
</svg>
`
  writeFileSync(join(FOLDER, 'growth.svg'), svg)
}

function drawPanel({ line, costs }: Line, index: number) {
  const x = (index % COLUMNS) * PANEL.width
  const y = 64 + Math.floor(index / COLUMNS) * PANEL.height
  const across = createScale(
    costs.map(({ size }) => Math.max(size, 1)),
    PANEL.left,
    PANEL.width - PANEL.right,
  )
  const values = costs.flatMap(({ upstream, ours }) => [upstream, ours])
  const up = createScale(values.map(positive), PANEL.height - PANEL.bottom, PANEL.top)
  const drawLine = (kind: 'upstream' | 'ours') => {
    const points = costs.map((cost) => ({ x: across(Math.max(cost.size, 1)), y: up(positive(cost[kind])) }))
    const path = points.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(' ')
    const dots = points.map((point) => circle(kind, point)).join('')
    return `<polyline class="line ${kind}" style="fill:none" points="${path}"/>${dots}`
  }
  const ticks = costs.map(({ size }) =>
    tick(shorten(size), across(Math.max(size, 1)), PANEL.height - 16, 'middle'),
  )
  const bounds = [Math.min(...values), Math.max(...values)].map(positive)
  const levels = bounds.map((value) => tick(shorten(value), PANEL.left - 8, up(value) + 4, 'end'))
  const floor = PANEL.height - PANEL.bottom + 4
  return `<g transform="translate(${x} ${y})"><text class="name" x="12" y="24">${line}</text>
<line class="axis" x1="${PANEL.left}" x2="${PANEL.width - PANEL.right}" y1="${floor}" y2="${floor}"/>
${ticks.join('')}${levels.join('')}
${drawLine('upstream')}
${drawLine('ours')}</g>`
}

/** Returns a function that places a value between two coordinates, by its logarithm. */
function createScale(values: number[], from: number, to: number) {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))]
  return (value: number) => from + ((to - from) * (Math.log(value) - low)) / (high - low || 1)
}

/** A cost below the noise can be measured as negative, and has no logarithm. */
function positive(value: number) {
  return Math.max(value, 0.1)
}

function circle(kind: string, { x, y }: { x: number; y: number }) {
  return `<circle class="${kind}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3"/>`
}

function tick(text: string, x: number, y: number, anchor: string) {
  return `<text class="tick" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${text}</text>`
}

function shorten(value: number) {
  const [divisor, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, '']
  return `${Number((value / divisor).toPrecision(2))}${unit}`
}

main()
