import { describe, expect, it } from 'vitest'
import { estimate, estimateRatio, isNoise } from './paired'

/** Values around a middle one, in a fixed order. */
const around = (middle: number, width: number) =>
  Array.from({ length: 41 }, (_, i) => middle + width * Math.sin(i * 2.4))

describe('estimate', () => {
  it('returns the median, between the bounds of its interval', () => {
    const { median, low, high } = estimate(around(10, 2))
    expect(low).toBeLessThanOrEqual(median)
    expect(high).toBeGreaterThanOrEqual(median)
    expect(Math.abs(median - 10)).toBeLessThan(1)
  })

  it('returns the same interval for the same sample', () => {
    expect(estimate(around(10, 2))).toEqual(estimate(around(10, 2)))
  })

  it('has a narrower interval for a narrower sample', () => {
    const widthOf = (sample: number[]) => estimate(sample).high - estimate(sample).low
    expect(widthOf(around(10, 1))).toBeLessThan(widthOf(around(10, 5)))
  })
})

describe('estimateRatio', () => {
  it('does not widen for a slow round, in which both are slow', () => {
    const slowness = around(1, 0.5)
    const { median, low, high } = estimateRatio(
      slowness.map((factor) => 2 * factor),
      slowness.map((factor) => 8 * factor),
    )
    expect(median).toBeCloseTo(0.25, 5)
    expect(high - low).toBeCloseTo(0, 5)
  })
})

describe('isNoise', () => {
  it.each([
    [{ median: 0.2, low: 0.1, high: 0.3 }, false],
    [{ median: 0.2, low: -0.2, high: 0.5 }, true],
    [{ median: -0.01, low: -0.1, high: 0.1 }, true],
  ])('compares the interval of %j with the effect: %s', (result, answer) => {
    expect(isNoise(result)).toBe(answer)
  })
})
