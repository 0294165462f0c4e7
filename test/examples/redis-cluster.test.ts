import { createClient } from 'redis'
import { afterAll, describe, expect, it } from 'vitest'
import { MissingServer } from '../stores/contract'
import { redis } from '../stores/servers/redis'
import { until } from '../stores/until'
import { cookieOf, useExample } from './use-example'

// The processes of the example inherit this prefix; keys with it are deleted after the tests.
const prefix = `redis-cluster-test-${process.pid}:`
process.env.REDIS_PREFIX = prefix

/** In milliseconds: a request may never be answered when its process is killed. */
const TIMEOUT = 10_000

type Answer = { pid: number; user?: string; visits?: number }

describe('two processes on one Redis', async () => {
  const lease = await redis.lease().catch((err: Error) => err)
  if (lease instanceof Error) return miss(lease)

  const visit = useExample('redis-cluster')
  afterAll(() => dropKeys(lease.url))

  // A keep-alive connection would always reach the same process.
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

  /** Sends requests until a process with a matching pid answers, and returns the pid. Each answer must have the user. */
  async function answerFrom(cookie: string, isWanted: (pid: number) => boolean) {
    let pid = 0
    await until('that process to answer', async () => {
      const answer = await look(cookie).catch(ignoreFailedFetch)
      if (!answer) return false
      expect(answer.user).toBe('ada')
      pid = answer.pid
      return isWanted(pid)
    })
    return pid
  }

  it('share a session after a login at one of them', async () => {
    const cookie = await logIn()
    const first = await answerFrom(cookie, () => true)
    await answerFrom(cookie, (pid) => pid !== first)
  })

  it('share the count of visits, separately for each client', async () => {
    const cookie = await logIn()
    for (let visits = 1; visits <= 6; visits++) expect(await look(cookie)).toMatchObject({ visits })
    expect(await look('')).toEqual({ pid: expect.any(Number) })
  })

  it('count every one of 20 visits at once', async () => {
    const cookie = await logIn()
    const answers = await Promise.all(Array.from({ length: 20 }, () => look(cookie)))
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2)
    expect(await look(cookie)).toMatchObject({ visits: 21 })
  })

  it('keep the session when either of them is killed', async () => {
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

/** Ignores errors of connections to a process that is being killed; rethrows any other error. */
function ignoreFailedFetch(err: unknown) {
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
