import { inspect } from 'node:util'
import type { Answer, ClientRequest, Program, Step } from './program'

/** A program as one would tell it. */
export function showProgram({ host, options, store, requests }: Program): string {
  const lines = [
    `${host}, options ${show(options)}`,
    `store ${show(store)}`,
    ...requests.flatMap(showRequest),
  ]
  return lines.join('\n')
}

function showRequest({ method, path, https, after, cookie, steps, answer, storeEvent }: ClientRequest) {
  const head = `${storeEvent ? `${storeEvent} of the store, ` : ''}${after} ms later: ${method} ${path}${https ? ' by https' : ''}, cookie: ${cookie}`
  return [head, ...steps.map(showStep), `  answer ${showAnswer(answer)}`]
}

function showStep({ do: name, ...details }: Step) {
  const text = Object.values(details).map(show).join(' = ')
  return `  ${name} ${text}`.trimEnd()
}

function showAnswer({ express, ...answer }: Answer) {
  return express ? `with Express: ${express}, ${answer.status}` : show(answer)
}

function show(value: unknown) {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 6, maxStringLength: 60 })
}
