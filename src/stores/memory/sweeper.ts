/** How long a sweep works before others have their turn, in milliseconds. */
const SLICE = 2

/** How many items are looked at between two looks at the clock. */
const STRIDE = 256

/** A timer that is to wait longer does not wait at all: some 25 days, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1

/**
 * Visits every item of a collection now and then, a slice at a time: a million of them hold nobody up. It keeps no
 * process alive.
 */
export class Sweeper<T> {
  private isOn = false
  private timer: NodeJS.Timeout | undefined

  /** `visit` may delete what it visits, and may call `stop`. A `period` of 0, in milliseconds, means never. */
  constructor(
    private readonly items: Iterable<T>,
    private readonly visit: (item: T) => void,
    private readonly period: number,
  ) {}

  /** Starts the wait for the next sweep, if none is coming. */
  start(): void {
    if (this.isOn || this.period === 0) return
    this.isOn = true
    this.wait()
  }

  stop(): void {
    this.isOn = false
    clearTimeout(this.timer)
  }

  private wait(): void {
    this.after(Math.min(this.period, LONGEST_WAIT), () => this.sweep(this.items[Symbol.iterator]()))
  }

  private sweep(items: Iterator<T>): void {
    const end = performance.now() + SLICE
    do {
      for (let i = 0; i < STRIDE; i++) {
        const { value, done } = items.next()
        if (done) return this.wait()
        this.visit(value)
        if (!this.isOn) return
      }
    } while (performance.now() < end)
    this.after(0, () => this.sweep(items))
  }

  private after(ms: number, work: () => void): void {
    this.timer = setTimeout(work, ms)
    // The timers of a simulated browser (jsdom) are numbers.
    this.timer.unref?.()
  }
}
