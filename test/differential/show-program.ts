import { inspect } from 'node:util'
import type { Answer, ClientRequest, Program, Step } from './program'

/** Returns a readable description of a program. */
export function showProgram({ host, mount, options, store, requests }: Program): string {
  const lines = [
    `${host}, mounted ${mount}, options ${showValue(options)}`,
    `store ${showValue(store)}`,
    ...requests.flatMap(showRequest),
  ]
  return lines.join('\n')
}

function showRequest({ method, path, https, after, cookie, steps, answer, storeEvent }: ClientRequest) {
  const event = storeEvent ? `${storeEvent} of the store, ` : ''
  const target = `${method} ${path}${https ? ' by https' : ''}`
  const head = `${event}${after} ms later: ${target}, cookie: ${cookie}`
  return [head, ...steps.map(showStep), `  answer ${showAnswer(answer)}`]
}

export function showStep({ do: name, ...details }: Step | { do: 'pause' }): string {
  const text = Object.values(details).map(showValue).join(' = ')
  return `  ${name} ${text}`.trimEnd()
}

export function showAnswer({ express, ...answer }: Answer): string {
  return express ? `with Express: ${express}, ${answer.status}` : showValue(answer)
}

export function showValue(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 6, maxStringLength: 60 })
}
