import { describe, expect, it } from 'vitest'
import { absoluteEndOf, endOf, isOver, isTouchDue } from '../../../src/policy/lifetime'

const HOUR = 3_600_000
const NOW = 1_000 * HOUR
const limits = (idle?: number, absolute?: number) => ({ idle, absolute })

describe('endOf', () => {
  it.each([
    ['the idle timeout, if it is first', limits(1, 3), NOW, NOW + 2, NOW + 1],
    ["the cookie's expiry, if it is first", limits(2, 3), NOW, NOW + 1, NOW + 1],
    ['the end of the absolute timeout, if it is first', limits(2, 5), NOW - 4, NOW + 3, NOW + 1],
    ['the idle timeout of a cookie without an expiry', limits(7, undefined), undefined, undefined, NOW + 7],
    ['the absolute timeout without an idle timeout', limits(undefined, 9), NOW - 1, undefined, NOW + 8],
    ['a moment in the past, if the cookie has expired', limits(7, 9), NOW, NOW - 5, NOW - 5],
    ['no end from the expiry of an invalid Date', limits(7, undefined), undefined, Number.NaN, NOW + 7],
    ['no end at all', limits(undefined, 9), undefined, undefined, undefined],
  ])('is %s', (_what, given, startedAt, cookieEnd, end) => {
    expect(endOf(given, startedAt, cookieEnd, NOW)).toBe(end)
  })
})

describe('isOver', () => {
  it.each([
    [false, 'one millisecond before the absolute timeout', NOW - HOUR + 1],
    [true, 'at the absolute timeout', NOW - HOUR],
    [false, 'for a session without a start', undefined],
  ])('is %s %s', (expected, _when, startedAt) => {
    expect(isOver(limits(undefined, HOUR), startedAt, NOW)).toBe(expected)
  })

  it('is false without an absolute timeout', () => {
    expect(isOver(limits(1), 0, NOW)).toBe(false)
    expect(absoluteEndOf(undefined, 0)).toBeUndefined()
  })
})

describe('isTouchDue', () => {
  it.each([
    [false, 'before touchAfter', 59_999, undefined],
    [true, 'at touchAfter', 60_000, undefined],
    [true, 'after the clock was set back', -1, undefined],
    [false, 'before touchAfter, if the cookie lives longer', 59_999, 60_001],
    [false, 'before half the lifetime of a shorter cookie', 14_999, 30_000],
    [true, 'at half the lifetime of a shorter cookie', 15_000, 30_000],
    [false, 'before half of a lifetime that equals touchAfter', 29_999, 60_000],
  ])('is %s %s', (expected, _when, age, cookieLifetime) => {
    expect(isTouchDue(age, 60_000, cookieLifetime)).toBe(expected)
  })
})
