import { afterEach, beforeEach, vi } from 'vitest'

/** Freezes `Date` in each test of the file; a test may set another time. Timers run in real time. */
export function freezeClock(now: number | Date): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now })
  })

  afterEach(() => {
    vi.useRealTimers()
  })
}
