/**
 * What was used last, by key: at least `enough` entries of it. Two generations: when the young one is full, the old
 * one is forgotten; an entry that is used gets young again.
 */
export class Generations<T> {
  private young = new Map<string, T>()
  private old = new Map<string, T>()

  constructor(private readonly enough: number) {}

  /** Whether there is one; asking makes nothing young. */
  has(key: string): boolean {
    return this.young.has(key) || this.old.has(key)
  }

  get(key: string): T | undefined {
    const value = this.young.get(key)
    if (value !== undefined || this.old.size === 0) return value
    const kept = this.old.get(key)
    if (kept !== undefined) this.set(key, kept)
    return kept
  }

  set(key: string, value: T): void {
    if (this.young.size >= this.enough && !this.young.has(key)) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }

  delete(key: string): void {
    this.young.delete(key)
    this.old.delete(key)
  }
}
