import { bareApp, createApp, createCookies } from './app'
import { drive } from './drive'
import { loadLibrary } from './libraries'
import { type Candidate, extraCost, measure, thorough } from './measure'
import { type Scenario, scenarios } from './scenarios'

const library = loadLibrary('ours')

/** What is compared with a read without options. */
const settings: Record<string, Scenario['options']> = {
  off: {},
  cookie: { clearCookie: true, refreshCookie: true, cacheControl: true },
  recommended: library.recommended({}) as Scenario['options'],
  quiet: { diagnostics: false } as Scenario['options'],
  watched: { diagnostics: () => {} } as Scenario['options'],
}

/**
 * Prints, as JSON, the CPU microseconds that the session adds to a read: without options, with the three options of the
 * cookie, with all recommended settings, and with `diagnostics` off and
 * on. `off` has the default of `diagnostics`, as it is in production. They are measured in the same rounds of one process.
 */
async function main() {
  const read = scenarios.find(({ name }) => name === 'read') as Scenario
  const candidates = [
    candidate('nothing', bareApp, read),
    ...Object.entries(settings).map(([name, options = {}]) =>
      candidate(name, createApp(library, { ...read, options }).listener, read),
    ),
  ]
  const samples = await measure(candidates, { ...thorough, fewest: 32 })
  const costs = Object.keys(settings).map((name) => [name, extraCost(samples, name, 'nothing')])
  console.log(JSON.stringify(Object.fromEntries(costs)))
}

function candidate(name: string, listener: Parameters<typeof drive>[0], scenario: Scenario): Candidate {
  const cookies = createCookies(scenario)
  return { name, run: (requests) => drive(listener, { cookies, requests, connections: 32 }) }
}

main()
