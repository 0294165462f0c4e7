/**
 * Visits every item of a collection once a period, in short slices, so that a million items do not block the process. Its
 * timer does not keep the process alive.
 */
export class Sweeper<T> {
  private isRunning = false
  private timer: NodeJS.Timeout | undefined

  /** `visit` may delete the item, and may call `stop`. `period` is in milliseconds; 0 means no visits. */
  constructor(
    private readonly items: Iterable<T>,
    private readonly visit: (item: T) => void,
    private readonly period: number,
  ) {}

  /** Schedules the next sweep, if none is scheduled. */
  start(): void {
    if (this.isRunning || this.period === 0) return
    this.isRunning = true
    this.wait()
  }

  stop(): void {
    this.isRunning = false
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
        if (!this.isRunning) return
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

/** How long a sweep runs before it lets other code run, in milliseconds. */
const SLICE = 2

/** How many items are visited between two reads of the clock. */
const STRIDE = 256

/** The longest delay of a timer, in milliseconds (25 days). A timer with a longer one fires at once. */
const LONGEST_WAIT = 2 ** 31 - 1
