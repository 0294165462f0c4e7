import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { type Processes, startProcesses } from '../support/processes'
import { addTogether, countTogether, endTogether } from '../support/processes/races'
import { MissingServer } from './contract'
import { reachRedis } from './processes/redis-records'

// The full numbers, 2,000, 400 and 120 with two and with four processes, are those of `npm run processes`.
describe('two processes on one Redis', () => {
  let redis: Awaited<ReturnType<typeof reachRedis>> | Error
  let processes: Processes

  beforeAll(async () => {
    redis = await reachRedis().catch((err: Error) => err)
    if (redis instanceof Error) return
    const store = join(__dirname, 'processes/redis-store.ts')
    processes = await startProcesses({ count: 2, store, env: redis.env })
  })
  afterAll(async () => {
    await processes?.close()
    if (!(redis instanceof Error)) await redis.dropKeys()
  })

  const onRedis =
    (run: () => Promise<void>) =>
    async ({ skip }: TestContext) => {
      if (!(redis instanceof Error)) return run()
      if (!(redis instanceof MissingServer) || process.env.REQUIRE_SERVERS === '1') throw redis
      skip(redis.message)
    }

  it(
    'lose no increment',
    onRedis(async () => {
      expect(await countTogether(processes, 150)).toMatchObject({ bad: 0, errors: [] })
    }),
  )

  it(
    'lose no key',
    onRedis(async () => {
      expect(await addTogether(processes, 60)).toMatchObject({ bad: 0, errors: [] })
    }),
  )

  it(
    'bring back no session that another process has ended',
    onRedis(async () => {
      expect(await endTogether(processes, 16)).toMatchObject({ bad: 0, errors: [] })
    }),
  )

  it(
    'list and end the sessions of a user in the other process, also with a request in flight',
    onRedis(async () => {
      // Each process makes its index before the first login.
      for (const i of [0, 1]) await processes.visit(i, 'list?user=eve')
      const login = (i: number) => processes.visit(i, 'login?user=eve')
      const logins = await Promise.all([0, 1, 0, 1, 0].map(login))
      const [mine, other] = logins.map(({ cookie }) => cookie)
      const list = async () => Object.values((await processes.visit(0, 'list?user=eve', mine)).data)
      expect(await list()).toHaveLength(5)
      const work = processes.visit(1, 'work?ms=1000', other)
      await processes.visit(0, 'endOthers?user=eve', mine)
      expect(await list()).toMatchObject([{ isCurrent: true }])
      await work
      expect(await list()).toHaveLength(1)
      expect((await processes.visit(1, 'show', other)).data).not.toHaveProperty('userId')
    }),
  )
})
