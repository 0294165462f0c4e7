import { isExplained } from './effects'
import { type Outcome, type Played, SID, START } from './play'
import type { Program } from './program'
import { hangs, type World } from './world'

/** Returns what is wrong with the outcome of a program; empty if all invariants hold. */
export function findViolations(program: Program, { world, outcomes, crashes }: Played): string[] {
  const violations: string[] = []
  const isCalm = program.faults.length === 0 && program.oddRecord === undefined
  if (crashes.length > 0) violations.push(`the process crashed: ${crashes.map(String).join(', ')}`)
  for (const [index, outcome] of outcomes.entries()) {
    const { abort } = program.requests[index] ?? {}
    if (outcome.runs > 1) violations.push(`the handler of request ${index} ran ${outcome.runs} times`)
    if (abort !== undefined) continue
    if (outcome.status === undefined && !hangs(program.faults)) violations.push(`request ${index} hangs`)
    if (isCalm && outcome.status !== 200) violations.push(`request ${index} has the status ${outcome.status}`)
    for (const sid of outcome.cookies) {
      // The headers of a stream are built before the store has answered.
      if (isCalm && !outcome.isStream && !world.stored.has(sid))
        violations.push(`request ${index} sets a cookie without a record`)
    }
  }
  return [...violations, ...findLosses(program, world, outcomes)]
}

/** Checks the final record. A store that fails, or a plain one with two processes, may lose saves, but invents nothing. */
function findLosses(program: Program, world: World, outcomes: Outcome[]): string[] {
  // A call without an answer may be done, and its handler does not tell what it has saved.
  if (hangs(program.faults) || program.oddRecord !== undefined || isAborted(program, outcomes)) return []
  const hasWindow =
    program.store === 'plain' && new Set(program.requests.map(({ process }) => process)).size > 1
  const mayMiss = hasWindow || program.faults.length > 0
  const json = world.read(SID)
  if (world.ended.has(SID)) {
    return json === undefined || mayMiss ? [] : ['a session that was ended is stored again']
  }
  if (json === undefined) return ['the record is gone, and no request has ended the session']
  const { cookie: _cookie, ...final } = JSON.parse(json)
  const effects = outcomes.map((outcome) => outcome.effects)
  if (isExplained(START, final, effects, mayMiss)) return []
  const lines = effects.map((each) => JSON.stringify(each)).join('\n  ')
  return [`no order of the requests explains ${JSON.stringify(final)}:\n  ${lines}`]
}

/** A request whose client has left may or may not have saved its session. */
function isAborted({ requests }: Program, outcomes: Outcome[]): boolean {
  return requests.some(({ abort }, index) => abort !== undefined && outcomes[index]?.runs !== 0)
}
