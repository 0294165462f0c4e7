import { afterEach, beforeEach, vi } from 'vitest'

/** Lets the clock stand still in each test of the file, which may move it; timers go on. */
export function freezeClock(now: number | Date): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now })
  })

  afterEach(() => {
    vi.useRealTimers()
  })
}
