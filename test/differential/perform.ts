import { setImmediate as turn } from 'node:timers/promises'
import { vi } from 'vitest'
import type { SessionModule } from '../support/implementations'
import { cookieHeader } from './client-cookies'
import { describeResponse, readSessionCookie } from './describe-response'
import { Journal, nameInOrder } from './journal'
import type { ClientRequest, Program } from './program'
import { START, toSessionOptions } from './program-options'
import { openStore } from './program-store'
import { createListener } from './serve-request'
import type { Stage } from './stage'
import { ignoredHeaders } from './steering'

const TURNS_TO_SETTLE = 5
const TURNS_AT_MOST = 100

/** Runs a program with one implementation and returns everything that client, store and app observed, as lines. */
export async function perform(program: Program, session: SessionModule, stage: Stage): Promise<string[]> {
  vi.setSystemTime(START)
  const journal = new Journal(nameInOrder(['live', 'odd', 'unknown']))
  const store = openStore(session, program.store, journal)
  const middleware = session(toSessionOptions(program.options, store.store) as never)
  const name = program.options.name ?? 'connect.sid'

  let jar: string | undefined
  for (const request of program.requests) {
    vi.setSystemTime(Date.now() + request.after)
    if (request.storeEvent) store.store.emit(request.storeEvent)
    const closed = new Promise<void>((resolve) => {
      const listener = createListener(program, request, middleware as never, journal)
      stage.listener = (req, res) => {
        res.once('close', resolve)
        listener(req, res)
      }
    })
    const received = await stage.send(toSent(request, cookieHeader(request.cookie, name, jar)))
    await closed
    await settle(store.isIdle)
    describeResponse(received, name, ignoredHeaders(request.answer, program.store.fails), journal)
    jar = readSessionCookie(received, name) ?? jar
  }
  const { length } = journal.lines
  for (const [sid, json] of await store.read()) journal.write`record ${{ sid }} ${json}`
  // The order of records in a store is not defined.
  return [...journal.lines.slice(0, length), ...journal.lines.slice(length).sort()]
}

function toSent({ method, path, https }: ClientRequest, cookie: string | undefined) {
  const headers = { ...(https && { 'X-Forwarded-Proto': 'https' }), ...(cookie && { Cookie: cookie }) }
  return { method, path, headers }
}

/** Waits for the store, and for errors to reach `next`: both may be later than the response. */
async function settle(isIdle: () => boolean) {
  for (let turns = 0; turns < TURNS_TO_SETTLE || (turns < TURNS_AT_MOST && !isIdle()); turns++) await turn()
}
