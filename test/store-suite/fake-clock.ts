import { beforeEach, vi } from 'vitest'

/** Stands the clock still for each test of a file; `advance` turns it on. */
export function useFakeClock() {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
    return () => vi.useRealTimers()
  })
  return (ms: number) => vi.setSystemTime(Date.now() + ms)
}
