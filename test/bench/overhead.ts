import { execFileSync } from 'node:child_process'
import { bareApp, createApp, createCookies } from './app'
import { drive } from './drive'
import { loadLibrary } from './libraries'
import { type Candidate, extraCost, measure, median, thorough } from './measure'
import { type Scenario, scenarios } from './scenarios'

const library = loadLibrary('ours')

/** What is compared with a read without options. */
const variants: Record<string, Scenario['options']> = {
  cookie: { clearCookie: true, refreshCookie: true, cacheControl: true },
  recommended: library.recommended({}) as Scenario['options'],
  quiet: { diagnostics: false } as Scenario['options'],
  watched: { diagnostics: () => {} } as Scenario['options'],
}

/**
 * Prints, as JSON, what a read costs with the settings of each variant: the three options of the cookie, all recommended
 * settings, and `diagnostics` off and on. The costs are ratios to those without options, which have the default of
 * `diagnostics`, as it is in production. `added` is what the session adds to the request, `request` is all of it.
 */
async function main([only]: string[]) {
  if (only) return console.log(JSON.stringify(await compare(only)))
  const costs = Object.keys(variants).map((name) => [name, inProcessOfItsOwn(name)])
  console.log(JSON.stringify(Object.fromEntries(costs), null, 2))
}

/** In a server all requests have the same options. With many variants in one process, V8 optimizes the code for none. */
function inProcessOfItsOwn(name: string) {
  const output = execFileSync(process.execPath, [...process.execArgv, __filename, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(output.toString())
}

async function compare(name: string) {
  const read = scenarios.find(({ name }) => name === 'read') as Scenario
  const app = (options = {}) => createApp(library, { ...read, options }).listener
  const candidates = [
    candidate('nothing', bareApp, read),
    candidate('off', app(), read),
    candidate('variant', app(variants[name]), read),
  ]
  const samples = await measure(candidates, { ...thorough, fewest: 32 })
  const [off, variant] = [extraCost(samples, 'off', 'nothing'), extraCost(samples, 'variant', 'nothing')]
  const whole = median(samples.off ?? [])
  return { added: variant / off, request: 1 + (variant - off) / whole }
}

function candidate(name: string, listener: Parameters<typeof drive>[0], scenario: Scenario): Candidate {
  const cookies = createCookies(scenario)
  return { name, run: (requests) => drive(listener, { cookies, requests, connections: 32 }) }
}

main(process.argv.slice(2))
