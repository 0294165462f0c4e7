/** Ids in the order of their last use. */
export class RecentIds {
  private readonly ids = new Set<string>()
  /** Kept between calls: a new iterator would visit all deleted entries again. */
  private inOrder = this.ids.values()

  /** Moves the id to the end: it is the most recently used. */
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

  /** Removes and returns the least recently used id. */
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
