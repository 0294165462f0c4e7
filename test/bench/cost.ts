import type { RequestListener } from 'node:http'
import { bareApp, createApp, createCookies } from './app'
import { drive, exchange } from './drive'
import { createFloor } from './floor'
import { type LibraryName, loadLibrary } from './libraries'
import { type Candidate, type Effort, extraCost, geometricMean, measure, median } from './measure'
import type { Scenario } from './scenarios'

/** CPU microseconds that the session adds to a request; `ratio` is ours divided by upstream's. */
export interface Cost {
  scenario: string
  upstream: number
  ours: number
  ratio: number
  /** The cost of the primitives alone; 0 if the scenario needs none. */
  floor: number
}

export async function measureCost(scenario: Scenario, effort: Effort): Promise<Cost> {
  const candidates = [
    createCandidate('nothing', bareApp, scenario),
    await createChecked('upstream', scenario),
    await createChecked('ours', scenario),
    createFloor(scenario),
  ]
  const samples = await measure(candidates, { ...effort, fewest: scenario.connections ?? 1 })
  const upstream = extraCost(samples, 'upstream', 'nothing')
  const ours = extraCost(samples, 'ours', 'nothing')
  const floor = scenario.floor.length > 0 ? median(samples.floor ?? []) : 0
  return { scenario: scenario.name, upstream, ours, ratio: ours / upstream, floor }
}

/** Runs every scenario once, so that V8 has seen and optimized all code before the first measurement. */
export async function warmUp(scenarios: Scenario[]) {
  for (const scenario of scenarios) await measureCost(scenario, { rounds: 1, warmUpRounds: 0, turn: 10_000 })
}

export function meanRatio(costs: Cost[]) {
  return geometricMean(costs.map(({ ratio }) => ratio))
}

type App = ReturnType<typeof createApp>

async function createChecked(name: LibraryName, scenario: Scenario) {
  const library = loadLibrary(name)
  await checkWork(createApp(library, { ...scenario, clients: 1 }), name, scenario)
  return createCandidate(name, createApp(library, scenario).listener, scenario)
}

function createCandidate(name: string, listener: RequestListener, scenario: Scenario): Candidate {
  const cookies = createCookies(scenario)
  const connections = scenario.connections ?? 32
  return { name, run: (requests) => drive(listener, { cookies, requests, connections }) }
}

/** Throws unless the app sends the expected response and writes to the store, before anything is measured. */
async function checkWork({ store, listener }: App, name: string, scenario: Scenario) {
  const before = await readData(store)
  const response = await exchange(listener, createCookies(scenario)[0])
  const seen = {
    ok: response.startsWith('HTTP/1.1 200 OK\r\n') && response.endsWith('\r\n\r\nok'),
    cookie: /^set-cookie: connect\.sid=s/im.test(response),
    write: (await readData(store)) !== before,
  }
  const expected = { ok: true, cookie: false, write: false, ...scenario.expect }
  for (const [fact, value] of Object.entries(expected))
    if (seen[fact as keyof typeof seen] !== value)
      throw new Error(`${name}, ${scenario.name}: ${fact} is not ${value} in\n${response}`)
}

function readData(store: App['store']) {
  return new Promise<string>((resolve, reject) => {
    store.all((err, sessions) => {
      if (err) reject(err)
      else resolve(JSON.stringify(sessions, (key, value) => (key === 'cookie' ? undefined : value)))
    })
  })
}
