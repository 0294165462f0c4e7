import { createClient } from 'redis'
import { afterAll, describe, expect, it } from 'vitest'
import { MissingServer } from '../stores/contract'
import { redis } from '../stores/servers'
import { until } from '../stores/until'
import { cookieOf, useExample } from './use-example'

// The example's processes inherit it, and what they store under it is dropped afterwards.
const prefix = `redis-cluster-test-${process.pid}:`
process.env.REDIS_PREFIX = prefix

/** A connection may be handed to a process that dies with it. */
const TIMEOUT = 2_000

type Answer = { pid: number; user?: string; visits?: number }

describe('two processes on one Redis', async () => {
  const lease = await redis.lease().catch((err: Error) => err)
  if (lease instanceof Error) return miss(lease)

  const visit = useExample('redis-cluster')
  afterAll(() => dropKeys(lease.url))

  // A connection that is kept would stay with one process.
  const ask = (path: string, init: RequestInit = {}) =>
    visit(path, {
      ...init,
      headers: { ...init.headers, connection: 'close' },
      signal: AbortSignal.timeout(TIMEOUT),
    })

  async function logIn() {
    const response = await ask('/login', { method: 'POST', body: new URLSearchParams({ user: 'ada' }) })
    expect(response.status).toBe(303)
    return cookieOf(response)
  }

  async function look(cookie: string) {
    const response = await ask('/', { headers: { cookie } })
    expect(response.status).toBe(200)
    return (await response.json()) as Answer
  }

  /** Looks until the process that is meant answers, and gives its pid; whoever answers knows the user. */
  async function answerFrom(cookie: string, isMeant: (pid: number) => boolean) {
    let pid = 0
    await until('that process to answer', async () => {
      const answer = await look(cookie).catch(passFailedFetch)
      if (!answer) return false
      expect(answer.user).toBe('ada')
      pid = answer.pid
      return isMeant(pid)
    })
    return pid
  }

  it('is known to both after a login on one', async () => {
    const cookie = await logIn()
    const first = await answerFrom(cookie, () => true)
    await answerFrom(cookie, (pid) => pid !== first)
  })

  it('counts on whichever answers, and counts for nobody else', async () => {
    const cookie = await logIn()
    for (let visits = 1; visits <= 6; visits++) expect(await look(cookie)).toMatchObject({ visits })
    expect(await look('')).toEqual({ pid: expect.any(Number) })
  })

  it('survives the death of either', async () => {
    const cookie = await logIn()
    const first = await answerFrom(cookie, () => true)
    const second = await answerFrom(cookie, (pid) => pid !== first)

    process.kill(first, 'SIGKILL')
    await answerFrom(cookie, (pid) => pid === second)
    const third = await answerFrom(cookie, (pid) => pid !== first && pid !== second)

    process.kill(second, 'SIGKILL')
    await answerFrom(cookie, (pid) => pid === third)
  })
})

/** While a process dies, its connections break. */
function passFailedFetch(err: unknown) {
  const isBroken = err instanceof TypeError || (err as Error).name === 'TimeoutError'
  if (!isBroken) throw err
}

async function dropKeys(url: URL) {
  const client = await createClient({ url: url.href }).connect()
  const keys = await client.keys(`${prefix}*`)
  if (keys.length > 0) await client.del(keys)
  await client.close()
}

function miss(missing: Error) {
  if (!(missing instanceof MissingServer)) throw missing
  console.warn(`NO SERVER: examples/redis-cluster: ${missing.message}`)
  it.skipIf(process.env.REQUIRE_SERVERS !== '1')(`runs on Redis (${missing.message})`, () => {
    throw missing
  })
}
