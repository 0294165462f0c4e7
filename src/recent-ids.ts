/** Ids in the order of their last use. */
export class RecentIds {
  private readonly ids = new Set<string>()

  get size(): number {
    return this.ids.size
  }

  /** The one whose last use is longest ago. */
  get oldest(): string | undefined {
    return this.ids.values().next().value
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  /** Makes it the newest. */
  use(id: string): void {
    this.ids.delete(id)
    this.ids.add(id)
  }

  delete(id: string): void {
    this.ids.delete(id)
  }

  clear(): void {
    this.ids.clear()
  }
}
