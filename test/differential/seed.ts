/**
 * The seed of the generated programs: the same in each run, so that a run never fails by chance.
 * `SEED=$RANDOM RUNS=50000 npx vitest run test/differential` tries others.
 */
export const SEED = Number(process.env.SEED ?? 1)

export const RUNS = Number(process.env.RUNS ?? 2000)
