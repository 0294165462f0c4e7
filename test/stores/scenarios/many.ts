import { expect } from 'vitest'
import { ask } from '../ask'
import { until } from '../until'
import type { Bench, Scenario } from './bench'

const MANY = 200
const AT_ONCE = 20
const BRIEF = 2_000

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

/** Some stores keep the expiry in whole seconds, rounded up. */
const WHOLE_SECOND = 1000

async function expire(bench: Bench) {
  const browser = bench.browser()
  const { id } = await browser.write({ user: 'ada' }, BRIEF)
  const { cookie } = browser
  expect((await bench.browser(cookie).visit('/read')).id).toBe(id)
  const over = Date.now() + BRIEF + WHOLE_SECOND
  await until('the cookie to expire', async () => Date.now() > over)
  const visit = await bench.browser(cookie).visit('/read')
  expect(visit.status).toBe(200)
  expect(visit.id).not.toBe(id)
}

async function dropExpired(bench: Bench) {
  const { id } = await bench.browser().write({ user: 'ada' }, BRIEF)
  expect(await bench.has(id)).toBe(true)
  await until('the store to drop the record', async () => !(await bench.has(id)))
}

async function inTurns<Item, Result>(items: Item[], work: (item: Item) => Promise<Result>) {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))))
  }
  return results
}
