import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { ask } from '../ask'
import { until } from '../until'
import type { Bench, Scenario } from './bench'

const MANY = 200
const AT_ONCE = 20
const BRIEF = 2_000
const LONGEST = 16_000

/** Scenarios with many sessions, and for their removal. */
export const many: Scenario[] = [
  { column: 'many', title: 'keeps 200 sessions separate', run: keepApart },
  { column: 'all', title: 'lists all sessions', needs: 'all', run: listAll },
  { column: 'length', title: 'counts the sessions', needs: 'length', run: count },
  { column: 'clear', title: 'clears all sessions', needs: 'clear', run: clear },
  { column: 'expiry', title: 'does not serve an expired session', run: expire },
  { column: 'drops it', title: 'removes an expired record', run: dropExpired },
]

async function keepApart(bench: Bench) {
  const numbers = Array.from({ length: MANY }, (_, number) => number)
  const cookies = await inTurns(numbers, async (number) => {
    const browser = bench.browser()
    await browser.write({ number })
    return browser.cookie
  })
  const read = await inTurns(
    cookies,
    async (cookie) => (await bench.browser(cookie).visit('/read')).data.number,
  )
  expect(read).toEqual(numbers)
}

async function listAll(bench: Bench) {
  const tag = `listed ${Math.random()}`
  await bench.browser().write({ tag })
  await bench.browser().write({ tag })
  const all = await ask<object>(bench.open.store, 'all')
  const listed = Object.values(all).filter((session) => session.tag === tag)
  expect(listed).toHaveLength(2)
}

async function count(bench: Bench) {
  const before = await ask<number>(bench.open.store, 'length')
  for (const number of [1, 2, 3]) await bench.browser().write({ number })
  expect(await ask<number>(bench.open.store, 'length')).toBe(before + 3)
}

async function clear(bench: Bench) {
  const browsers = [bench.browser(), bench.browser()]
  const visits = await Promise.all(browsers.map((browser) => browser.write({ user: 'ada' })))
  await ask(bench.open.store, 'clear')
  for (const { id } of visits) expect(await bench.has(id)).toBe(false)
  const visit = await browsers[0]?.visit('/read')
  expect(visit).toMatchObject({ status: 200, data: {} })
  expect(visit?.data).not.toHaveProperty('user')
}

/** Some stores keep the expiry in whole seconds, rounded up or down. */
const WHOLE_SECOND = 1000

async function expire(bench: Bench) {
  const { id, cookie, end } = await writeBrief(bench, async ({ id, cookie }) => {
    return (await bench.browser(cookie).visit('/read')).id === id
  })
  await sleep(end - Date.now() + WHOLE_SECOND)
  const visit = await bench.browser(cookie).visit('/read')
  expect(visit.status).toBe(200)
  expect(visit.id).not.toBe(id)
}

async function dropExpired(bench: Bench) {
  const { id, end } = await writeBrief(bench, ({ id }) => bench.has(id))
  await sleep(end - Date.now())
  await until('the store to drop the record', async () => !(await bench.has(id)))
}

interface Brief {
  id: string
  cookie: string | undefined
  /** The latest expiry, in milliseconds since the epoch. */
  end: number
}

/**
 * Writes a session that expires soon, and checks that it is there. If a busy machine checks too late, it writes another
 * session that lives twice as long.
 */
async function writeBrief(
  bench: Bench,
  isThere: (session: Omit<Brief, 'end'>) => Promise<boolean>,
): Promise<Brief> {
  for (let life = BRIEF; ; life *= 2) {
    const start = Date.now()
    const browser = bench.browser()
    const { id } = await browser.write({ user: 'ada' }, life)
    const session = { id, cookie: browser.cookie }
    // The check may have touched the session.
    if (await isThere(session)) return { ...session, end: Date.now() + life }
    const earliest = start + life - (bench.kind.rounding ?? WHOLE_SECOND)
    expect(Date.now(), 'the session was gone before its end').toBeGreaterThan(earliest)
    expect(life, 'the machine is too busy').toBeLessThan(LONGEST)
  }
}

async function inTurns<Item, Result>(items: Item[], work: (item: Item) => Promise<Result>) {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))))
  }
  return results
}
