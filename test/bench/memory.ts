import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from './measure'
import type { Expiry } from './memory-process'
import { table } from './table'

const { values: args } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'string' } } })
const counts = args.quick ? [20_000] : [200_000, 1_000_000]

async function main() {
  const requests = []
  for (const name of ['upstream', 'ours']) {
    const bytes = Number(await measureApart('request', name))
    requests.push({ 'a live request with a session': name, bytes })
  }
  console.log(`${table(requests)}\n`)

  const stores = []
  for (const count of counts)
    for (const name of ['upstream', 'memorystore', 'ours'])
      stores.push({ count, name, ...(await measureStore(name, count)) })
  console.log(table(stores.map(toRow)))
  if (args.json)
    writeFileSync(args.json, `${JSON.stringify({ node: process.version, requests, stores }, null, 2)}\n`)
}

/** Returns the medians of three runs, since the pauses vary between runs. */
async function measureStore(name: string, count: number): Promise<Expiry> {
  const runs: Expiry[] = []
  for (let run = 0; run < 3; run++) runs.push((await measureApart('store', name, count)) as Expiry)
  const medianOf = (key: keyof Expiry) => median(runs.map((expiry) => expiry[key]))
  return {
    stored: medianOf('stored'),
    expired: medianOf('expired'),
    pause: medianOf('pause'),
    lengthPause: medianOf('lengthPause'),
  }
}

// Without the garbage collections that V8 starts when it is idle.
const execArgv = ['--expose-gc', '--no-memory-reducer', '--max-old-space-size=4096', '--require', 'tsx/cjs']

/** Measures in a separate process, so that the heap has no garbage from earlier measurements. */
async function measureApart(what: 'request' | 'store', name: string, count = 0) {
  const child = fork(join(__dirname, 'memory-process.ts'), [what, name, String(count)], { execArgv })
  const [result] = (await once(child, 'message')) as [number | Expiry]
  await once(child, 'exit')
  return result
}

function toRow({ count, name, ...expiry }: { count: number; name: string } & Expiry) {
  return {
    'stored sessions': `${count.toLocaleString('en')}, ${name}`,
    'bytes each': expiry.stored,
    'bytes each, expired': expiry.expired,
    'longest pause as they expire, ms': expiry.pause,
    'pause of length() then, ms': expiry.lengthPause,
  }
}

main()
