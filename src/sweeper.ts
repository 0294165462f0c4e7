/** How long a sweep works before others have their turn, in milliseconds. */
const SLICE = 2

/** How many items are looked at between two looks at the clock. */
const STRIDE = 256

/**
 * Visits every item of a collection now and then, a slice at a time: a million of them hold nobody up. It keeps no
 * process alive.
 */
export class Sweeper<T> {
  private timer: NodeJS.Timeout | undefined
  private slice: NodeJS.Immediate | undefined

  /** `visit` may delete what it visits. A `period` of 0, in milliseconds, means never. */
  constructor(
    private readonly items: Iterable<T>,
    private readonly visit: (item: T) => void,
    private readonly period: number,
  ) {}

  /** Starts the wait for the next sweep, if none is coming. */
  start(): void {
    if (this.timer || this.slice || this.period === 0) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.sweep(this.items[Symbol.iterator]())
    }, this.period).unref()
  }

  stop(): void {
    clearTimeout(this.timer)
    clearImmediate(this.slice)
    this.timer = this.slice = undefined
  }

  private sweep(items: Iterator<T>): void {
    this.slice = undefined
    const end = performance.now() + SLICE
    do {
      for (let i = 0; i < STRIDE; i++) {
        const { value, done } = items.next()
        if (done) return this.start()
        this.visit(value)
      }
    } while (performance.now() < end)
    this.slice = setImmediate(() => this.sweep(items)).unref()
  }
}
