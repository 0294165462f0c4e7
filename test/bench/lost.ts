/**
 * Counts what is lost, and what comes back, when requests of one session run at the same time: with express-session and
 * with this package, in one process and in two. `npm run bench:lost`; docs/concurrency.md has the results.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { updateSession } from '../../src'
import { startRecordServer } from '../session/processes/record-server'
import type { Layer } from '../support/app'
import { ours, upstream } from '../support/implementations'
import { startProcesses } from '../support/processes'
import { addTogether, countTogether, endTogether } from '../support/processes/races'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'
import { table } from './table'

const KEYS = 200
const INCREMENTS = 1000
const ENDINGS = 120

type Session = typeof ours
type Data = Record<string, unknown>
type Row = Record<string, string | number>

async function main() {
  const one: Row[] = []
  for (const [library, session] of Object.entries({
    'express-session': upstream as Session,
    sessionware: ours,
  })) {
    one.push({ library, store: 'MemoryStore', ...(await inOneProcess(session, new session.MemoryStore())) })
    one.push({ library, store: 'asynchronous', ...(await inOneProcess(session, createStore(session))) })
  }
  print('One process, all requests at once', one)
  const two: Row[] = [
    await inTwoProcesses('express-session', 'plain-store'),
    await inTwoProcesses('sessionware', 'plain-store'),
    await inTwoProcesses('sessionware', 'comparing-store'),
  ]
  print('Two processes over one store, 100 requests at once', two)
}

/** Sends all requests at once to an app whose handlers take up to 10 ms. */
async function inOneProcess(session: Session, store: object): Promise<Row> {
  const merging = session === ours ? { saveMode: 'merge' as const } : {}
  const middleware = session({ ...SETTINGS, ...merging, store: store as never }) as Layer
  const server = createServer((req, res) => {
    middleware(req as never, res, async () => {
      await handle(req as never, session === ours)
      res.end(JSON.stringify((req as never as { session: object }).session))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const visit = async (path: string, cookie = '') => {
    const response = await fetch(`${origin}/${path}`, { headers: { cookie } })
    return {
      data: (await response.json()) as Data,
      cookie: response.headers.getSetCookie()[0]?.split(';')[0],
    }
  }
  const race = async (path: string, count: number) => {
    const { cookie } = await visit('start')
    await Promise.all(Array.from({ length: count }, (_, i) => visit(`${path}?k${i}`, cookie)))
    return (await visit('show', cookie)).data
  }
  const added = await race('add', KEYS)
  const counted = await race('count', INCREMENTS)
  server.close()
  server.closeAllConnections()
  return {
    [`lost of ${KEYS} keys`]: KEYS - Object.keys(added).filter((key) => key.startsWith('k')).length,
    [`lost of ${INCREMENTS} increments`]: INCREMENTS - Number(counted.views),
  }
}

async function handle(req: { url: string; session: Data }, isOurs: boolean): Promise<void> {
  const [path, key = ''] = req.url.slice(1).split('?')
  const { session } = req
  if (path === 'start') session.views = 0
  if (path === 'show' || path === 'start') return
  const views = Number(session.views)
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
  if (path === 'add') session[key] = true
  else if (isOurs) await updateSession(req, (draft) => addOne(draft as Data))
  else session.views = views + 1
}

function addOne(data: Data): void {
  data.views = Number(data.views) + 1
}

async function inTwoProcesses(library: string, store: string): Promise<Row> {
  const server = await startRecordServer()
  const processes = await startProcesses({
    count: 2,
    store: join(__dirname, `../session/processes/${store}.ts`),
    env: { ...server.env, SESSION_LIBRARY: library },
    options: library === 'sessionware' ? { saveMode: 'merge', diagnostics: false } : {},
  })
  const row = {
    library,
    store,
    [`lost of ${KEYS} keys`]: (await addTogether(processes, KEYS)).bad,
    [`lost of ${INCREMENTS} increments`]: (await countTogether(processes, INCREMENTS)).bad,
    [`back of ${ENDINGS} ended sessions`]: (await endTogether(processes, ENDINGS)).bad,
  }
  await processes.close()
  server.close()
  return row
}

function print(title: string, rows: Row[]) {
  console.log(`${title}\n\n${table(rows)}\n`)
}

main()
