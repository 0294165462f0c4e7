import { expect } from 'vitest'
import { MAX_AGE } from '../app'
import { ask } from '../ask'
import { until } from '../until'
import type { Bench, Scenario } from './bench'

/** In milliseconds: backends round expiries to whole seconds. */
const ROUNDING = 2_000

const UNICODE = { 'имя 名前': 'Zoë 🦊 日本語 עברית\u2028 "quotes" \\ \' %s ; --' }

/** The life of a session. The order matters: the first scenario needs an unused store. */
export const life: Scenario[] = [
  {
    column: 'first',
    title: 'gives each of many concurrent first requests a separate session',
    run: startConcurrently,
  },
  {
    column: 'Store',
    title: 'extends the Store of the package that stands in as express-session',
    needs: 'Store',
    run: async ({ open, way }) => expect(open.store).toBeInstanceOf(way.base.Store),
  },
  { column: 'create', title: 'stores the record of a new session', run: create },
  { column: 'read', title: 'loads a stored session without sending a cookie again', run: readBack },
  { column: 'modify', title: 'stores a change', run: modify },
  { column: 'unicode', title: 'keeps text in any language', run: keepUnicode },
  { column: 'touch', title: "updates the backend's expiry on touch", needs: 'touch', run: touch },
  { column: 'rolling', title: 'sends the cookie with each response when rolling', run: roll },
  { column: 'regen.', title: 'destroys the old id on regenerate', run: regenerate },
  { column: 'keep', title: 'keeps the data under a new id', needs: 'this package', run: keepData },
  { column: 'destroy', title: 'does not load a destroyed session', run: destroy },
  { column: 'reload', title: 'reloads the stored session', run: reload },
  { column: 'save', title: 'saves each time save is called', run: saveTwice },
  { column: 'gone', title: 'starts a new session when the record is missing', run: startNewSession },
]

async function startConcurrently(bench: Bench) {
  const browsers = Array.from({ length: 10 }, () => bench.browser())
  const visits = await Promise.all(browsers.map((browser, number) => browser.write({ number })))
  expect(visits.map((visit) => visit.status)).toEqual(browsers.map(() => 200))
  expect(new Set(visits.map((visit) => visit.id)).size).toBe(browsers.length)
  const read = await Promise.all(browsers.map((browser) => browser.visit('/read')))
  expect(read.map((visit) => visit.data.number)).toEqual([...browsers.keys()])
}

async function create(bench: Bench) {
  const visit = await bench.browser().write({ user: 'ada', nested: { list: [1, null, true] } })
  expect(visit.setCookie).toMatch(/^connect\.sid=s%3A.+; Path=\/; Expires=.+; HttpOnly$/)
  const record = await bench.record(visit.id)
  expect(record).toMatchObject({ user: 'ada', nested: { list: [1, null, true] } })
  expect(record?.cookie).toEqual({
    originalMaxAge: MAX_AGE,
    expires: expect.anything(),
    httpOnly: true,
    path: '/',
  })
}

async function readBack(bench: Bench) {
  const browser = bench.browser()
  const written = await browser.write({ user: 'ada', list: [1, 2] })
  const read = await browser.visit('/read')
  expect(read).toMatchObject({ status: 200, id: written.id, data: { user: 'ada', list: [1, 2] } })
  expect(read.setCookie).toBeUndefined()
}

async function modify(bench: Bench) {
  const browser = bench.browser()
  const { id } = await browser.write({ value: 'old', other: 1 })
  await browser.write({ value: 'new' })
  expect((await browser.visit('/read')).data).toMatchObject({ value: 'new', other: 1 })
  expect(await bench.record(id)).toMatchObject({ value: 'new', other: 1 })
}

async function keepUnicode(bench: Bench) {
  const browser = bench.browser()
  await browser.write(UNICODE)
  expect((await browser.visit('/read')).data).toMatchObject(UNICODE)
}

async function touch(bench: Bench) {
  const browser = bench.browser()
  const start = Date.now()
  const { id } = await browser.write({ user: 'ada' })
  const first = await bench.open.expiryOf(id)
  if (first === undefined) throw new Error('the record has no expiry in the backend')
  const rounding = bench.kind.rounding ?? ROUNDING
  expect(first).toBeGreaterThan(start + MAX_AGE - rounding)
  expect(first).toBeLessThan(Date.now() + MAX_AGE + rounding)
  await until('the expiry to move', async () => {
    await browser.visit('/read')
    return ((await bench.open.expiryOf(id)) ?? 0) > first
  })
  expect((await browser.visit('/read')).data).toMatchObject({ user: 'ada' })
}

async function roll(bench: Bench) {
  const browser = bench.browser()
  const first = await browser.write({ user: 'ada' })
  const second = await browser.visit('/rolling/read')
  expect(second).toMatchObject({ id: first.id, data: { user: 'ada' }, setCookie: expect.any(String) })
}

async function regenerate(bench: Bench) {
  const browser = bench.browser()
  const before = await browser.write({ value: 'before' })
  const oldCookie = browser.cookie
  const after = await browser.visit('/regenerate')
  expect(after.id).not.toBe(before.id)
  expect((await browser.visit('/read')).data).toMatchObject({ value: 'after' })
  await expectUnknown(bench, before.id, oldCookie)
}

async function keepData(bench: Bench) {
  const browser = bench.browser()
  const lifetime = MAX_AGE / 2
  const before = await browser.write({ user: 'ada', nested: { list: [1] } }, lifetime)
  const oldCookie = browser.cookie
  const after = await browser.visit('/renew')
  expect(after.id).not.toBe(before.id)
  expect((await browser.visit('/read')).data).toMatchObject({ user: 'ada', nested: { list: [1] } })
  expect((await bench.record(after.id))?.cookie.originalMaxAge).toBe(lifetime)
  await expectUnknown(bench, before.id, oldCookie)
  await keepDataDuringFailure(bench)
}

/** Neither id is lost if the old record cannot be removed: the new one is there before. */
async function keepDataDuringFailure(bench: Bench) {
  const { store } = bench.open
  const browser = bench.browser()
  await browser.write({ user: 'eve' })
  const oldCookie = browser.cookie
  const own = Object.getOwnPropertyDescriptor(store, 'destroy')
  store.destroy = (_sid, done) => done(new Error('the server is gone'))
  const { status } = await browser.visit('/renew')
  Reflect.deleteProperty(store, 'destroy')
  if (own) Object.defineProperty(store, 'destroy', own)
  expect([status, bench.app.errors.pop()?.message]).toEqual([503, 'the server is gone'])
  expect(browser.cookie).not.toBe(oldCookie)
  for (const cookie of [oldCookie, browser.cookie]) {
    expect((await bench.browser(cookie).visit('/read')).data).toMatchObject({ user: 'eve' })
  }
}

async function destroy(bench: Bench) {
  const browser = bench.browser()
  const { id } = await browser.write({ user: 'ada' })
  expect((await browser.visit('/destroy')).status).toBe(200)
  await expectUnknown(bench, id, browser.cookie)
}

async function reload(bench: Bench) {
  const browser = bench.browser()
  await browser.write({ value: 'stored' })
  expect((await browser.visit('/reload')).data).toMatchObject({ value: 'stored' })
  expect((await browser.visit('/read')).data).toMatchObject({ value: 'stored' })
}

async function saveTwice(bench: Bench) {
  const browser = bench.browser()
  const { id } = await browser.visit('/save-twice')
  expect(await bench.record(id)).toMatchObject({ value: 'second' })
  expect((await browser.visit('/read')).data).toMatchObject({ value: 'second' })
}

async function startNewSession(bench: Bench) {
  const browser = bench.browser()
  const { id } = await browser.write({ user: 'ada' })
  bench.app.errors.length = 0
  await ask(bench.open.store, 'destroy', id)
  await expectUnknown(bench, id, browser.cookie)
  expect(bench.app.errors).toEqual([])
}

async function expectUnknown(bench: Bench, id: string, cookie: string | undefined) {
  expect(await bench.has(id)).toBe(false)
  const visit = await bench.browser(cookie).visit('/read')
  expect(visit).toMatchObject({ status: 200, data: {} })
  expect(visit.id).not.toBe(id)
  expect(visit.data).not.toHaveProperty('user')
}
