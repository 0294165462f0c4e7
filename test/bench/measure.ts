export interface Candidate {
  name: string
  /** Does the work the given number of times. */
  run(times: number): unknown
}

export interface Effort {
  rounds: number
  warmUpRounds: number
  /** The least CPU time of the slowest candidate's turn in a round, in microseconds. */
  turn: number
  /** The fewest repetitions of the work in a turn; default 1. */
  fewest?: number
}

export const thorough: Effort = { rounds: 61, warmUpRounds: 12, turn: 12_000 }
export const quick: Effort = { rounds: 15, warmUpRounds: 5, turn: 5_000 }

export type Samples = Record<string, number[]>

/**
 * Returns the CPU microseconds that each candidate needs for one repetition, one sample a round. Each round runs all
 * candidates, so that a slowdown of the machine affects all of them.
 */
export async function measure(candidates: Candidate[], effort: Effort): Promise<Samples> {
  const times = await findTimes(candidates, effort)
  const samples: Samples = Object.fromEntries(candidates.map(({ name }) => [name, []]))
  for (let round = -effort.warmUpRounds; round < effort.rounds; round++) {
    for (const { name, run } of takeTurns(candidates, Math.abs(round))) {
      const cost = await cpuTime(() => run(times))
      if (round >= 0) samples[name]?.push(cost / times)
    }
  }
  return samples
}

/** Returns the median of the difference between two candidates in the same round. */
export function extraCost(samples: Samples, name: string, base: string) {
  const bases = samples[base] ?? []
  return median((samples[name] ?? []).map((cost, round) => cost - (bases[round] ?? 0)))
}

export function median(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** Returns the geometric mean; values below 0.01, also negative ones, count as 0.01. */
export function geometricMean(values: number[]) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(Math.max(value, 0.01)), 0) / values.length)
}

/** Returns the CPU microseconds of the work in this process, which other processes influence little. */
export async function cpuTime(work: () => unknown) {
  // Collects the garbage of the previous candidate. A full collection could discard optimized code.
  globalThis.gc?.({ type: 'minor' } as never)
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

async function findTimes(candidates: Candidate[], { turn, fewest = 1 }: Effort) {
  for (let times = fewest; ; times *= 2) {
    let slowest = 0
    for (const { run } of candidates) {
      const tries = [await cpuTime(() => run(times)), await cpuTime(() => run(times))]
      slowest = Math.max(slowest, Math.min(...tries))
    }
    if (slowest >= turn) return times
  }
}

/** Changes the order in each round, so that a candidate does not always run after the same other one. */
function takeTurns<T>(items: T[], round: number) {
  const start = round % items.length
  const turns = [...items.slice(start), ...items.slice(0, start)]
  return Math.floor(round / items.length) % 2 === 0 ? turns : turns.reverse()
}
