/** How many destroyed ids a store's client remembers; requests in flight are a few thousand at the most. */
const LIMIT = 10_000

/** The ids that were destroyed last: the oldest is forgotten where a new one finds no room. */
export class DeadIds {
  private readonly ids = new Set<string>()

  has(id: string): boolean {
    return this.ids.has(id)
  }

  add(id: string): void {
    this.ids.delete(id)
    this.ids.add(id)
    if (this.ids.size > LIMIT) this.ids.delete(this.ids.values().next().value as string)
  }

  delete(id: string): void {
    this.ids.delete(id)
  }
}
