import { show } from '../diagnostics/show'
import { similarName } from '../policy/similar-name'

/**
 * Throws a TypeError for an option that does not exist, since it would have no effect. `remedies` has what to do in the place
 * of options of other packages.
 */
export function checkNames(
  owner: string,
  options: object,
  names: readonly string[],
  remedies: Readonly<Record<string, string>> = {},
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || names.includes(name)) continue
    const meant = similarName(name, names)
    const advice = meant ? `did you mean ${meant}?` : `the options are ${names.join(', ')}`
    throw new TypeError(`${owner} has no option ${show(name)}: ${remedies[name] ?? advice}`)
  }
}
