import assert from 'node:assert/strict'
import type { CookieOptions } from '../../cookie/cookie'
import { generateId } from '../../session/generate-id'
import type { Rule } from '../rule'
import type { Trial } from '../trial'

const HOUR = 3_600_000
const PAYLOAD = 100 * 1024

/** Rules about the content of records. */
export const records: Rule[] = [
  {
    title: 'returns the stored data',
    check: (trial) =>
      keep(trial, {
        user: 'ada',
        views: 0,
        rate: -1.5,
        list: [1, [], null, { yes: true, no: false }],
        none: '',
      }),
  },
  {
    title: 'answers get of an unknown id with no record, or with the error ENOENT',
    check: (trial) => trial.expectNone(generateId()),
  },
  {
    title: 'replaces the whole record when an id is set again',
    async check(trial) {
      const { id } = await trial.add({ old: 1, both: 'before' })
      await trial.set(id, { both: 'after' })
      await trial.expectData(id, { both: 'after' })
      assert.ok(!('old' in ((await trial.find(id)) ?? {})), 'a key of the previous record is still stored')
    },
  },
  {
    title: 'removes only the destroyed record',
    async check(trial) {
      const kept = await trial.add({ user: 'ada' })
      const { id } = await trial.add({ user: 'eve' })
      await trial.ask('destroy', id)
      await trial.expectNone(id)
      await trial.expectData(kept.id, { user: 'ada' })
    },
  },
  {
    title: 'destroys an unknown id without an error',
    check: async (trial) => void (await trial.ask('destroy', generateId())),
  },
  {
    title: 'keeps the lifetime and the attributes of the cookie',
    check: keepCookie,
  },
  {
    title: 'adds no expiry to a cookie without one',
    async check(trial) {
      const { id } = await trial.add({ user: 'ada' })
      await trial.expectData(id, { user: 'ada' })
      const cookie = (await trial.find(id))?.cookie
      assert.equal(cookie?.expires ?? null, null, 'the stored cookie has an expiry')
      assert.equal(cookie?.originalMaxAge ?? null, null, 'the stored cookie has an originalMaxAge')
    },
  },
  {
    title: 'keeps text in any language',
    check: (trial) =>
      keep(trial, { 'имя 名前': 'Zoë 🦊 日本語 עברית\u2028\r\n\t"quotes" \\ \' %s ; --', latin: 'ÿ\u0080' }),
  },
  {
    title: 'keeps keys with any name',
    check: (trial) =>
      keep(trial, { 'a.b': 1, $set: { $inc: 2 }, constructor: 3, hasOwnProperty: 4, length: 5, '': 6 }),
  },
  {
    title: 'keeps a record of 100 kB',
    check: (trial) => keep(trial, { text: 'The quick brown fox. '.repeat(PAYLOAD / 20).slice(0, PAYLOAD) }),
  },
  {
    title: 'stores records separately when they are set at the same time',
    async check(trial) {
      const sessions = await Promise.all([...Array(10).keys()].map((number) => trial.add({ number })))
      for (const [number, { id }] of sessions.entries()) await trial.expectData(id, { number })
    },
  },
  {
    title: 'stores one complete record when one id is set several times at once',
    async check(trial) {
      const { id } = await trial.add({})
      const versions = ['a', 'b', 'c', 'd'].map((name) => ({ first: name.repeat(5000), last: name }))
      await Promise.all(versions.map((version) => trial.set(id, version)))
      const record = await trial.find(id)
      const winner = versions.find((version) => version.last === record?.last)
      assert.ok(winner, 'none of the records is stored')
      assert.equal(record?.first, winner.first, 'the record mixes two of the records that were set')
    },
  },
]

async function keep(trial: Trial, data: object): Promise<void> {
  const { id } = await trial.add(data)
  await trial.expectData(id, data)
}

async function keepCookie(trial: Trial): Promise<void> {
  const attributes: CookieOptions = { domain: 'example.com', path: '/app', secure: true, sameSite: 'lax' }
  const { id, cookie } = await trial.add({}, { maxAge: HOUR, httpOnly: false, ...attributes })
  const stored = (await trial.find(id))?.cookie ?? {}
  const { originalMaxAge, expires, httpOnly, domain, path, secure, sameSite } = stored
  assert.deepEqual({ httpOnly, domain, path, secure, sameSite }, { httpOnly: false, ...attributes })
  assert.equal(originalMaxAge, HOUR, 'cookie.originalMaxAge is not the one that was set')
  assert.equal(
    new Date(expires as string).getTime(),
    cookie.expires?.getTime(),
    'cookie.expires is not the one that was set',
  )
}
