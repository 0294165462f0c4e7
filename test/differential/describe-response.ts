import { unsign } from 'cookie-signature'
import { SECRET } from '../support/settings'
import type { Journal } from './journal'
import type { Received } from './stage'

/** Writes the response to the journal, without the ignored headers and with a name for the id in Set-Cookie. */
export function describeResponse(
  received: Received | string,
  name: string,
  ignored: string[],
  journal: Journal,
): void {
  if (typeof received === 'string') {
    journal.write`no response: ${received}`
    return
  }
  journal.write`response ${received.status}`
  for (const [key, value] of received.headers.toSorted(byName)) {
    const sid = sessionIdIn(key, value, name)
    if (sid !== undefined) journal.write`  ${key}: ${name}=${{ sid }}${value.slice(value.indexOf(';'))}`
    else if (!ignored.includes(key)) journal.write`  ${key}: ${value}`
  }
  journal.write`  ${JSON.stringify(received.body)}`
}

/** Returns the name=value pair that the client sends with its next request. */
export function readSessionCookie(received: Received | string, name: string): string | undefined {
  if (typeof received === 'string') return undefined
  const line = received.headers.find(([key, value]) => sessionIdIn(key, value, name) !== undefined)
  return line?.[1].split(';')[0]
}

/** Only the order of headers with the same name is significant. */
function byName([a]: [string, string], [b]: [string, string]) {
  return a < b ? -1 : a > b ? 1 : 0
}

function sessionIdIn(key: string, value: string, name: string): string | undefined {
  if (key !== 'Set-Cookie' || !value.startsWith(`${name}=s%3A`)) return undefined
  const signed = decodeURIComponent(value.slice(name.length + 1).split(';')[0] ?? '')
  return unsign(signed.slice(2), SECRET) || undefined
}
