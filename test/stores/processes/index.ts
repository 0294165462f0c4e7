import { join } from 'node:path'
import { type Processes, startProcesses } from '../../support/processes'
import { addTogether, countTogether, endTogether, type Result } from '../../support/processes/races'
import { postgresTables } from '../postgres/tables'
import { reachRedis } from './redis-records'

/** Runs the races with two and four processes on each server, and prints what was lost and what the writes took. */
async function main() {
  await onRedis()
  await onPostgres()
}

async function onRedis() {
  const { env, dropKeys } = await reachRedis()
  await raceOn('Redis', 'redis-store.ts', env).finally(dropKeys)
}

async function onPostgres() {
  const tables = postgresTables()
  await tables.open()
  try {
    await tables.createTable('session')
    await raceOn('PostgreSQL', 'pg-store.ts', { PG_URL: tables.url, PG_SCHEMA: tables.schema })
  } finally {
    await tables.close()
  }
}

async function raceOn(server: string, store: string, env: Record<string, string>) {
  for (const count of [2, 4]) {
    const processes = await startProcesses({ count, store: join(__dirname, store), env })
    await race(`${server}, ${count} processes`, processes).finally(() => processes.close())
  }
}

async function race(title: string, processes: Processes) {
  show(title, '2,000 increments', 'lost', await countTogether(processes, 2000))
  show(title, '400 keys', 'lost', await addTogether(processes, 400))
  show(title, '120 endings', 'back', await endTogether(processes, 120))
}

function show(title: string, what: string, bad: string, result: Result) {
  const perWrite = (result.tries / result.writes).toFixed(2)
  console.log(
    `${title}: ${what}: ${result.bad} ${bad}, ${result.errors.length} errors, ${result.conflicts} conflicts, ${perWrite} tries per write`,
  )
  if (result.bad > 0 || result.errors.length > 0) process.exitCode = 1
}

main().catch((err) => {
  console.error(err)
  process.exitCode = 1
})
