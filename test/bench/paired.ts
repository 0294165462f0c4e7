import { Random } from '../support/random'
import { median } from './measure'

/** A median with its spread: the bounds of its 95 % confidence interval. */
export interface Estimate {
  median: number
  low: number
  high: number
}

/** Returns the median of a sample and the interval that contains the true one with a probability of 95 %. */
export function estimate(values: number[]): Estimate {
  return { median: median(values), ...intervalOf(values, median) }
}

/**
 * Returns the ratio of the medians of two differences that were measured in the same rounds. Whole rounds are drawn again,
 * so that a slow moment of the machine, which slows down both, hardly widens the interval.
 */
export function estimateRatio(ours: number[], theirs: number[]): Estimate {
  const rounds = ours.map((value, round) => [value, theirs[round] ?? Number.NaN] as const)
  const ratioOf = (drawn: (readonly [number, number])[]) =>
    median(drawn.map(([value]) => value)) / median(drawn.map(([, value]) => value))
  return { median: ratioOf(rounds), ...intervalOf(rounds, ratioOf) }
}

/** Returns whether the interval is wider than the effect, so that the figure says little. */
export function isNoise({ median: middle, low, high }: Estimate): boolean {
  return high - low > 2 * Math.abs(middle)
}

const RESAMPLES = 2_000

/** The bootstrap: draws samples of the same size again and again, and takes the middle 95 % of their results. */
function intervalOf<T>(values: T[], resultOf: (drawn: T[]) => number): { low: number; high: number } {
  const random = new Random(1)
  const results = Array.from({ length: RESAMPLES }, () =>
    resultOf(values.map(() => random.pick(values))),
  ).sort((a, b) => a - b)
  const at = (share: number) => results[Math.floor(share * (RESAMPLES - 1))] ?? Number.NaN
  return { low: at(0.025), high: at(0.975) }
}
