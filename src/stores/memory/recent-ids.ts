/** Ids in the order of their last use. */
export class RecentIds {
  private readonly ids = new Set<string>()
  /** Kept between calls: a new one would walk over all the deleted entries again. */
  private inOrder = this.ids.values()

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

  /** Takes out the one whose last use is longest ago. */
  takeOldest(): string | undefined {
    let next = this.inOrder.next()
    if (next.done) {
      this.inOrder = this.ids.values()
      next = this.inOrder.next()
    }
    if (!next.done) this.ids.delete(next.value)
    return next.value
  }
}
