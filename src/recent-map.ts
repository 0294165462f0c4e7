/**
 * A map that keeps at least the `capacity` most recently used keys, and at most twice as many. It has two halves: when
 * the current one is full it becomes the previous one, and the previous one is dropped. A key that is read moves to the
 * current half.
 */
export class RecentMap<T> {
  private current = new Map<string, T>()
  private previous = new Map<string, T>()

  constructor(private readonly capacity: number) {}

  /** Returns whether the key is there. It does not count as a use. */
  has(key: string): boolean {
    return this.current.has(key) || this.previous.has(key)
  }

  get(key: string): T | undefined {
    const value = this.current.get(key)
    if (value !== undefined || this.previous.size === 0) return value
    const older = this.previous.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: string, value: T): void {
    if (this.current.size >= this.capacity && !this.current.has(key)) {
      this.previous = this.current
      this.current = new Map()
    }
    this.current.set(key, value)
  }

  delete(key: string): void {
    this.current.delete(key)
    this.previous.delete(key)
  }
}
