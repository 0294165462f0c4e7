export type Ratios = Record<string, number>

/** The scenarios whose ratio to upstream is more than double the recorded one, with room for noise in small ones. */
export function findSlower(ratios: Ratios, recorded: Ratios) {
  return Object.entries(ratios)
    .filter(([scenario, ratio]) => !(ratio <= limitOf(recorded[scenario])))
    .map(([scenario, ratio]) => `${scenario}: ${ratio.toFixed(2)}, recorded ${recorded[scenario]}`)
}

function limitOf(recorded = Number.NaN) {
  return Math.max(2 * recorded, recorded + 0.1)
}
