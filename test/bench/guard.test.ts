import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import recorded from './baseline.json'
import type { Cost } from './cost'
import { findSlower, type Ratios } from './guard'
import type { Summary } from './http'

const run = promisify(execFile)
const root = join(__dirname, '../..')
// In node_modules, so that the build finds its dependencies.
const build = join(root, 'node_modules/.cache/bench')

describe('npm run bench', () => {
  it('finds no scenario whose cost relative to express-session has doubled', {
    timeout: 600_000,
  }, async () => {
    await run('npx', ['tsc', '-p', 'src', '--noCheck', '--outDir', build], { cwd: root })

    expect(await findSlowerAgain(measureRatios, recorded.objects)).toEqual([])
    expect(await findSlowerAgain(measureRatiosOverHttp, recorded.overHttp)).toEqual([])
  })
})

/** Measures again before a scenario counts as slower, since other processes may have slowed down the run. */
async function findSlowerAgain(measure: () => Promise<Ratios>, ratios: Ratios) {
  let slower = findSlower(await measure(), ratios)
  for (let again = 0; slower.length > 0 && again < 3; again++) slower = findSlower(await measure(), ratios)
  return slower
}

describe('findSlower', () => {
  it('returns a scenario that costs more than twice the recorded ratio', () => {
    expect(findSlower({ read: 0.61, write: 0.59 }, { read: 0.3, write: 0.3 })).toEqual([
      'read: 0.61, recorded 0.3',
    ])
  })

  it('allows for noise when the recorded ratio is small', () => {
    expect(findSlower({ anonymous: 0.12 }, { anonymous: 0.03 })).toEqual([])
  })

  it('returns a scenario that was not recorded or could not be measured', () => {
    expect(findSlower({ new: 0.1, read: Number.NaN }, { read: 0.3 })).toHaveLength(2)
  })
})

async function measureRatios() {
  await runBench('index.ts', '--quick', '--objects', 'http', '--json', build)
  const { costs } = JSON.parse(readFileSync(join(build, 'http.json'), 'utf8')) as { costs: Cost[] }
  return Object.fromEntries(costs.map(({ scenario, ratio }) => [scenario, ratio]))
}

/** One page of Express over real connections: the medians of rounds in which both libraries get the same load. */
async function measureRatiosOverHttp() {
  const file = join(build, 'over-http.json')
  const load = ['--store', 'memory', '--page', 'read', '--launches', '1', '--rounds', '11', '--latency', '0']
  await runBench('http.ts', ...load, '--server', 'upstream', '--server', 'ours', '--json', file)
  const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: { memory: Summary[] } }
  const ours = results.memory.filter(({ server }) => server === 'ours')
  return Object.fromEntries(ours.map(({ page, ratio }) => [page, ratio.median]))
}

function runBench(file: string, ...asked: string[]) {
  const args = ['--expose-gc', '--require', 'tsx/cjs', join('test/bench', file), ...asked]
  return run(process.execPath, args, { cwd: root, env: { ...process.env, BENCH_OURS: build } })
}
