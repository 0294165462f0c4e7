import type { SessionExplanation } from './explanation'

/** Writes an explanation as one line. */
export function describe(name: string, explanation: Omit<SessionExplanation, 'line'>): string {
  const { candidates, store, isNew, changed, action, why, cookie } = explanation
  return [
    `${name}: ${describeCandidates(candidates)}`,
    describeStore(store),
    isNew ? 'new session' : '',
    changed.length > 0 ? `changed: ${changed.join(', ')}` : '',
    `${action === 'nothing' ? 'nothing is stored' : action}, because ${why}`,
    `cookie ${cookie.sent ? 'sent' : 'not sent'}, because ${cookie.why}`,
  ]
    .filter(Boolean)
    .join('; ')
}

function describeCandidates(candidates: SessionExplanation['candidates']): string {
  if (candidates.length === 0) return 'no cookie'
  const outcomes = candidates.map(({ outcome }) => outcome).join(', ')
  return `${candidates.length} ${candidates.length === 1 ? 'cookie' : 'cookies'} (${outcomes})`
}

function describeStore({ name, answer, ms }: SessionExplanation['store']): string {
  if (answer === 'not asked') return `${name} not asked`
  return `${name}: ${answer}${ms === undefined ? '' : ` in ${ms.toFixed(1)} ms`}`
}
