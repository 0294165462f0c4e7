import { beforeEach, vi } from 'vitest'

/** Freezes the clock in each test of a file and returns a function that advances it. */
export function useFakeClock() {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
    return () => vi.useRealTimers()
  })
  return (ms: number) => vi.setSystemTime(Date.now() + ms)
}
