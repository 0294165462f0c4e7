export interface Candidate {
  name: string
  /** Does the work so many times. */
  run(times: number): unknown
}

export interface Effort {
  rounds: number
  warmUpRounds: number
  /** CPU time of one candidate's turn in a round, in microseconds. */
  turn: number
}

export const thorough: Effort = { rounds: 61, warmUpRounds: 12, turn: 12_000 }
export const warmUp: Effort = { rounds: 1, warmUpRounds: 0, turn: 10_000 }
export const quick: Effort = { rounds: 15, warmUpRounds: 5, turn: 5_000 }

export type Samples = Record<string, number[]>

/**
 * CPU microseconds that each candidate needs for one piece of work, a sample a round. All take their turn in
 * each round, so that a slow moment of the machine meets all of them.
 */
export async function measure(candidates: Candidate[], effort: Effort): Promise<Samples> {
  const times = await findTimes(candidates, effort.turn)
  const samples: Samples = Object.fromEntries(candidates.map(({ name }) => [name, []]))
  for (let round = -effort.warmUpRounds; round < effort.rounds; round++) {
    for (const { name, run } of rotate(candidates, Math.abs(round))) {
      const cost = await cpuTime(() => run(times))
      if (round >= 0) samples[name]?.push(cost / times)
    }
  }
  return samples
}

/** The median of what one candidate cost more than another in the same round. */
export function extraCost(samples: Samples, name: string, base: string) {
  const bases = samples[base] ?? []
  return median((samples[name] ?? []).map((cost, round) => cost - (bases[round] ?? 0)))
}

export function median(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

export function geometricMean(values: number[]) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

/** CPU microseconds of this process, which other processes on the machine do not disturb much. */
export async function cpuTime(work: () => unknown) {
  // what one candidate leaves behind is not the next one's to collect
  globalThis.gc?.({ type: 'minor' } as never)
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

async function findTimes(candidates: Candidate[], turn: number) {
  for (let times = 1; ; times *= 2) {
    let slowest = 0
    for (const { run } of candidates) slowest = Math.max(slowest, await cpuTime(() => run(times)))
    if (slowest >= turn) return times
  }
}

function rotate<T>(items: T[], by: number) {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
