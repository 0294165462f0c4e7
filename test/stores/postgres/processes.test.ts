import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Processes, startProcesses } from '../../support/processes'
import { addTogether, countTogether, endTogether } from '../../support/processes/races'
import { postgresTables } from './tables'

const tables = postgresTables()

// The full numbers, 2,000, 400 and 120 with two and with four processes, are those of `npm run processes`.
describe('two processes over one table of PostgreSQL', () => {
  let processes: Processes

  beforeAll(async () => {
    await tables.open()
    await tables.createTable('session')
    processes = await startProcesses({
      count: 2,
      store: join(__dirname, '../processes/pg-store.ts'),
      env: { PG_URL: tables.url, PG_SCHEMA: tables.schema },
    })
  })
  afterAll(async () => {
    await processes?.close()
    await tables.close()
  })

  it('lose no increment', async () => {
    expect(await countTogether(processes, 150)).toMatchObject({ bad: 0, errors: [] })
  })

  it('lose no key', async () => {
    expect(await addTogether(processes, 60)).toMatchObject({ bad: 0, errors: [] })
  })

  it('bring back no session that another process has ended', async () => {
    expect(await endTogether(processes, 16)).toMatchObject({ bad: 0, errors: [] })
  })

  it('end a session of a user in the other process, also with a request in flight', async () => {
    const login = (i: number) => processes.visit(i, 'login?user=eve')
    const logins = [await login(0), await login(1), await login(0)]
    const [mine, other] = logins.map(({ cookie }) => cookie)
    const list = async () => Object.values((await processes.visit(0, 'list?user=eve', mine)).data)
    expect(await list()).toHaveLength(3)
    const work = processes.visit(1, 'work?ms=1000', other)
    await processes.visit(0, 'endOthers?user=eve', mine)
    expect(await list()).toMatchObject([{ isCurrent: true }])
    await work
    expect(await list()).toHaveLength(1)
    expect((await processes.visit(1, 'show', other)).data).not.toHaveProperty('userId')
  })
})
