/** How many destroyed ids are remembered at least: requests in flight, which might bring one back, are far fewer. */
const ENOUGH = 10_000

/** The ids that were destroyed last. Two generations: when the young one is full, the old one is forgotten. */
export class DeadIds {
  private young = new Set<string>()
  private old = new Set<string>()

  has(id: string): boolean {
    return this.young.has(id) || this.old.has(id)
  }

  add(id: string): void {
    if (this.young.size >= ENOUGH) {
      this.old = this.young
      this.young = new Set()
    }
    this.young.add(id)
  }

  delete(id: string): void {
    this.young.delete(id)
    this.old.delete(id)
  }
}
