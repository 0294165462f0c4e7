export type Ratios = Record<string, number>

/** Returns the scenarios whose ratio to upstream is more than twice the recorded one, with a tolerance for small ratios. */
export function findSlower(ratios: Ratios, recorded: Ratios) {
  return Object.entries(ratios)
    .filter(([scenario, ratio]) => !(ratio <= limitOf(recorded[scenario])))
    .map(([scenario, ratio]) => `${scenario}: ${ratio.toFixed(2)}, recorded ${recorded[scenario]}`)
}

function limitOf(recorded = Number.NaN) {
  return Math.max(2 * recorded, recorded + 0.1)
}
