import { findViolations } from './check'
import { play } from './play'
import { makeProgram } from './program'

/** Plays random programs for some seconds: `npm run fuzz -- [seconds] [first seed]`. Prints the seeds that fail. */
async function main([seconds = '30', first = String(Date.now() % 1_000_000)]: string[]) {
  const end = Date.now() + Number(seconds) * 1000
  console.log(`first seed ${first}`)
  let failed = 0
  let seed = Number(first)
  for (; Date.now() < end && failed < 10; seed++) {
    const program = makeProgram(seed)
    const violations = findViolations(program, await play(program))
    if (violations.length === 0) continue
    failed++
    console.log(`seed ${seed} (npm run fuzz -- 1 ${seed}):\n  ${violations.join('\n  ')}`)
    console.log(JSON.stringify(program))
  }
  console.log(`${seed - Number(first)} programs, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

void main(process.argv.slice(2))
