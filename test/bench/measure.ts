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
  /** The fewest pieces of work in a turn; default 1. */
  fewest?: number
}

export const thorough: Effort = { rounds: 61, warmUpRounds: 12, turn: 12_000 }
export const quick: Effort = { rounds: 15, warmUpRounds: 5, turn: 5_000 }

export type Samples = Record<string, number[]>

/**
 * CPU microseconds that each candidate needs for one piece of work, a sample a round. All take their turn in
 * each round, so that a slow moment of the machine meets all of them.
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

/** The median of what one candidate cost more than another in the same round. */
export function extraCost(samples: Samples, name: string, base: string) {
  const bases = samples[base] ?? []
  return median((samples[name] ?? []).map((cost, round) => cost - (bases[round] ?? 0)))
}

export function median(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

/** What costs nothing, or less, counts as a hundredth. */
export function geometricMean(values: number[]) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(Math.max(value, 0.01)), 0) / values.length)
}

/** CPU microseconds of this process, which other processes on the machine do not disturb much. */
export async function cpuTime(work: () => unknown) {
  // what one candidate leaves behind is not the next one's to collect; a full collection would drop hot code
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

/** Nobody always follows the same one. */
function takeTurns<T>(items: T[], round: number) {
  const start = round % items.length
  const turns = [...items.slice(start), ...items.slice(0, start)]
  return Math.floor(round / items.length) % 2 === 0 ? turns : turns.reverse()
}
