import { isExplained } from './effects'
import { type Outcome, type Played, SID, START } from './play'
import type { Program } from './program'
import { hangs } from './world'

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
  const hasWindow =
    program.store === 'plain' && new Set(program.requests.map(({ process }) => process)).size > 1
  if (!isCalm || hasWindow) return violations
  const json = world.read(SID)
  if (world.ended.has(SID)) {
    if (json !== undefined) violations.push('a session that was ended is stored again')
    return violations
  }
  if (json === undefined) return [...violations, 'the record is gone, and no request has ended the session']
  const { cookie: _cookie, ...final } = JSON.parse(json)
  if (isAborted(program, outcomes)) return violations
  if (
    !isExplained(
      START,
      final,
      outcomes.map(({ effects }) => effects),
    )
  ) {
    const effects = outcomes.map((outcome) => JSON.stringify(outcome.effects)).join('\n  ')
    violations.push(`no order of the requests explains ${JSON.stringify(final)}:\n  ${effects}`)
  }
  return violations
}

/** A request whose client has left may or may not have saved its session. */
function isAborted({ requests }: Program, outcomes: Outcome[]): boolean {
  return requests.some(({ abort }, index) => abort !== undefined && outcomes[index]?.runs !== 0)
}
