import type { Host, Layer, Res } from '../support/app'
import { ours, type SessionModule } from '../support/implementations'
import { listen } from '../support/listen'
import { connect } from '../support/raw-client'
import type { RawResponse } from '../support/raw-response'
import { logIn, startSessionApp } from '../support/session-app'

/** Values that a script has noted, by kind and in order. */
export type Notes = Record<string, unknown[]>
export type Script = (res: Res, note: (kind: string, value: unknown) => void) => unknown

export interface Exchange {
  host: Host
  script: Script
  target?: string
  headers?: string[]
  /** Middlewares between the session and the script. */
  layers?: Layer[]
}

/** Performs the exchange without a session middleware. */
export async function observePlain(exchange: Exchange) {
  const { notes, ended, layer } = perform(exchange.script)
  const { server } = exchange.host.serve(...(exchange.layers ?? []), layer)
  return { ...(await send(await listen(server), exchange)), notes: await ended(notes) }
}

/** Performs the exchange with a session that must be saved. */
export async function observeSaved(exchange: Exchange, session: SessionModule = ours) {
  return observe(exchange, session, [logIn, ...(exchange.layers ?? [])])
}

/** Performs the exchange with a session that no handler reads. */
export async function observeIdle(exchange: Exchange, session: SessionModule = ours) {
  return observe(exchange, session, exchange.layers ?? [])
}

/** Returns the response without Set-Cookie and Date, with its headers sorted. */
export function normalise({ statusLine, headers, body }: RawResponse) {
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  return { statusLine, headers: lines.filter((line) => !/^(set-cookie|date):/i.test(line)).sort(), body }
}

async function observe(exchange: Exchange, session: SessionModule, layers: Layer[]) {
  const { notes, ended, layer } = perform(exchange.script)
  const { port } = await startSessionApp({ host: exchange.host, session }, ...layers, layer)
  return { ...(await send(port, exchange)), notes: await ended(notes) }
}

function perform(script: Script) {
  const notes: Notes = {}
  let closed: Promise<unknown> = Promise.resolve()
  const layer: Layer = (_req, res) => {
    closed = new Promise((resolve) => res.on('close', resolve))
    script(res, (kind, value) => {
      notes[kind] = [...(notes[kind] ?? []), value]
    })
  }
  return { notes, layer, ended: (result: Notes) => closed.then(() => result) }
}

async function send(port: number, { target = 'GET /', headers = [] }: Exchange) {
  const connection = await connect(port)
  return { response: await connection.request(target, ...headers).response() }
}
