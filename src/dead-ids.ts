import { Generations } from './generations'

/** How many destroyed ids are remembered at least: requests in flight, which might bring one back, are far fewer. */
const ENOUGH = 10_000

/** The ids that were destroyed last. */
export class DeadIds {
  private readonly ids = new Generations<true>(ENOUGH)

  has(id: string): boolean {
    return this.ids.has(id)
  }

  add(id: string): void {
    this.ids.set(id, true)
  }

  delete(id: string): void {
    this.ids.delete(id)
  }
}
