import { life } from './life'
import { many } from './many'
import { outage } from './outage'

export type { Bench, Scenario, Way } from './bench'
export { openBench } from './bench'
export const scenarios = [...life, ...many, ...outage]
