import { bareApp, createApp, createCookies } from './app'
import { drive } from './drive'
import { loadLibrary } from './libraries'
import { type Candidate, extraCost, measure, thorough } from './measure'
import { type Scenario, scenarios } from './scenarios'

const options = { clearCookie: true, refreshCookie: true, cacheControl: true }

/**
 * Prints, as JSON, the CPU microseconds that the session adds to a read, without and with the three options of the cookie,
 * measured in the same rounds of one process.
 */
async function main() {
  const read = scenarios.find(({ name }) => name === 'read') as Scenario
  const candidates = [
    candidate('nothing', bareApp, read),
    candidate('off', createApp(loadLibrary('ours'), read).listener, read),
    candidate('on', createApp(loadLibrary('ours'), { ...read, options }).listener, read),
  ]
  const samples = await measure(candidates, { ...thorough, fewest: 32 })
  const [off, on] = ['off', 'on'].map((name) => extraCost(samples, name, 'nothing'))
  console.log(JSON.stringify({ off, on }))
}

function candidate(name: string, listener: Parameters<typeof drive>[0], scenario: Scenario): Candidate {
  const cookies = createCookies(scenario)
  return { name, run: (requests) => drive(listener, { cookies, requests, connections: 32 }) }
}

main()
