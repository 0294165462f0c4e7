import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ProcessSetup, startProcesses } from '../../support/processes'
import { addTogether, countTogether, endTogether } from '../../support/processes/races'
import { startRecordServer } from './record-server'

async function start(store: string, more: Partial<ProcessSetup> = {}) {
  const { close, env } = await startRecordServer()
  const processes = await startProcesses({ count: 2, store: join(__dirname, `${store}.ts`), env, ...more })
  onTestFinished(async () => {
    await processes.close()
    close()
  })
  return processes
}

describe('two operating system processes over one store with compareAndSet', () => {
  it('lose none of 1,000 increments, none of 200 keys, and bring back none of 120 ended sessions', async () => {
    const processes = await start('comparing-store')
    expect(await countTogether(processes, 1000)).toMatchObject({ bad: 0, errors: [] })
    expect(await addTogether(processes, 200)).toMatchObject({ bad: 0, errors: [] })
    expect(await endTogether(processes, 120)).toMatchObject({ bad: 0, errors: [] })
  })
})

describe('two operating system processes over one plain store', () => {
  it("bring back ended sessions without saveMode: 'merge'", async () => {
    const processes = await start('plain-store', { options: {} })
    expect((await endTogether(processes, 120)).bad).toBeGreaterThan(0)
  })
})
