import { describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import {
  hasMarks,
  keepMarks,
  lastWriteOf,
  RecordCookie,
  startOf,
  touchWritesOf,
} from '../../../src/cookie/record-cookie'
import { restoreCookie } from '../../../src/cookie/restore-cookie'
import { freezeClock } from '../../support/clock'

const NOW = Date.parse('2030-01-02T03:04:05.000Z')
const END = NOW + 5000

freezeClock(NOW)

const asJson = (cookie: object) => JSON.parse(JSON.stringify(cookie))

describe('RecordCookie', () => {
  it('answers expires, maxAge, originalMaxAge and _expires with the end of the record', () => {
    const cookie = new RecordCookie(new Cookie({ maxAge: 60_000 }), END, {})
    const { expires, _expires, maxAge, originalMaxAge } = cookie
    expect({ expires, _expires, maxAge, originalMaxAge }).toEqual({
      expires: new Date(END),
      _expires: new Date(END),
      maxAge: 5000,
      originalMaxAge: 5000,
    })
    vi.setSystemTime(NOW + 1000)
    expect(cookie.maxAge).toBe(4000)
  })

  it('has the JSON of the cookie with the end as expires, and the marks', () => {
    const cookie = new Cookie({ maxAge: 60_000, sameSite: 'lax', domain: 'example.com', path: '/a' })
    const json = asJson(new RecordCookie(cookie, END, { startedAt: 7, lastWrite: 'touch' }))
    expect(json).toEqual({
      ...asJson(cookie),
      originalMaxAge: 60_000,
      expires: new Date(END).toJSON(),
      startedAt: 7,
      lastWrite: 'touch',
    })
  })

  it('keeps the null lifetime of a cookie that ends with the browser in its JSON', () => {
    expect(asJson(new RecordCookie(new Cookie(), END, {}))).toMatchObject({ originalMaxAge: null })
  })

  it('leaves the cookie that it was made of alone', () => {
    const cookie = new Cookie({ maxAge: 60_000 })
    const before = { ...cookie }
    new RecordCookie(cookie, END, { startedAt: 7 })
    expect({ ...cookie }).toEqual(before)
  })

  it('can be made of a cookie with keys of the application', () => {
    const cookie = Object.assign(new Cookie(), { marks: 1, startedAt: 'odd', lastWrite: {} })
    const json = asJson(new RecordCookie(cookie, END, { startedAt: 7 }))
    expect(json).toEqual({ ...asJson(new Cookie()), expires: new Date(END).toJSON(), startedAt: 7 })
  })

  it('can be made of a plain object that the application assigned', () => {
    const plain = { path: '/', originalMaxAge: null, maxAge: 'odd', expires: 'odd', data: 1 }
    const cookie = new RecordCookie(plain as never, END, {})
    expect(cookie.maxAge).toBe(5000)
    expect(asJson(cookie)).toMatchObject({ path: '/', originalMaxAge: null, expires: new Date(END).toJSON() })
  })
})

describe('startOf', () => {
  it.each([
    ['a number', 7, 7],
    ['a number as text, from a database', '7', 7],
    ['a moment in the future, which counts as now', NOW + 1, NOW],
    ['a word', 'yesterday', undefined],
    ['NaN', Number.NaN, undefined],
    ['nothing', undefined, undefined],
  ])('reads %s', (_what, startedAt, expected) => {
    expect(startOf({ startedAt })).toBe(expected)
  })

  it('reads nothing of a record without a cookie', () => {
    expect([startOf(undefined), startOf(null)]).toEqual([undefined, undefined])
  })
})

describe('keepMarks', () => {
  it('returns a cookie without marks as it is', () => {
    const cookie = restoreCookie({ originalMaxAge: null })
    expect(keepMarks(cookie)).toBe(cookie)
  })

  it('keeps the start and the end of a loaded record', () => {
    const stored = {
      originalMaxAge: null,
      expires: new Date(END),
      startedAt: 7,
      lastWrite: 'touch',
      path: '/',
    }
    const cookie = restoreCookie(asJson(stored))
    expect(hasMarks(cookie)).toBe(true)
    const json = asJson(keepMarks(cookie))
    expect(json).toMatchObject({ originalMaxAge: null, expires: new Date(END).toJSON(), startedAt: 7 })
    expect([lastWriteOf(json), touchWritesOf(json)]).toEqual(['save', true])
  })
})
