import type { Response as ExpressResponse } from 'express'
import type { Res } from '../support/app'
import type { Answer } from './program'

/** Sends the response in the form that the program specifies. */
export function giveAnswer(res: Res, answer: Answer): void {
  if (answer.express && 'send' in res) expressForms[answer.express](res as ExpressResponse, answer)
  else giveByHand(res, answer)
}

function giveByHand(res: Res, answer: Answer) {
  res.statusCode = answer.status
  sendHead(res, answer)
  for (const chunk of answer.writes) res.write(chunk)
  sendEnd(res, answer)
}

const expressForms: Record<NonNullable<Answer['express']>, (res: ExpressResponse, answer: Answer) => void> = {
  send: (res, { status, last = '' }) => void res.status(status).send(last),
  json: (res, { status, last }) => void res.status(status).json({ last }),
  redirect: (res) => res.redirect('/app/next'),
  sendStatus: (res, { status }) => void res.sendStatus(status),
}

export function sendHead(res: Res, answer: Answer) {
  const headers: [string, string][] = [...answer.headers, ...lengthHeader(answer)]
  const { head, status } = answer
  if (head === 'writeHead object') return void res.writeHead(status, Object.fromEntries(headers))
  if (head === 'writeHead array') return void res.writeHead(status, headers.flat())
  for (const [name, value] of headers) res.appendHeader(name, value)
  if (head === 'writeHead') res.writeHead(status)
  if (head === 'flushHeaders') res.flushHeaders()
}

function lengthHeader({ contentLength, writes, last = '', encoding }: Answer): [string, string][] {
  if (!contentLength) return []
  const lastLength = Buffer.byteLength(last, encoding === 'latin1' ? 'latin1' : 'utf8')
  return [['Content-Length', String(Buffer.byteLength(writes.join('')) + lastLength)]]
}

export function sendEnd(res: Res, { last, encoding }: Answer) {
  if (last === undefined) res.end()
  else if (encoding === 'buffer') res.end(Buffer.from(last))
  else if (encoding === 'latin1') res.end(last, 'latin1')
  else res.end(last)
}
