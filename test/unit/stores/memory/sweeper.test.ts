import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Sweeper } from '../../../../src/stores/memory/sweeper'

const PERIOD = 1000

describe('Sweeper', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] })
  })

  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('visits every item once in each period after its start', () => {
    const { visited, sweeper } = sweep(['a', 'b'])
    vi.advanceTimersByTime(10 * PERIOD)
    expect(visited).toEqual([])
    sweeper.start()
    vi.advanceTimersByTime(PERIOD - 1)
    expect(visited).toEqual([])
    vi.advanceTimersByTime(1)
    expect(visited).toEqual(['a', 'b'])
    vi.advanceTimersByTime(PERIOD)
    expect(visited).toEqual(['a', 'b', 'a', 'b'])
  })

  it('has one timer after several starts, and none after a stop', () => {
    const { visited, sweeper } = sweep(['a'])
    sweeper.start()
    sweeper.start()
    expect(vi.getTimerCount()).toBe(1)
    sweeper.stop()
    sweeper.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(5 * PERIOD)
    expect(visited).toEqual([])
  })

  it('can be started again', () => {
    const { visited, sweeper } = sweep(['a'])
    sweeper.start()
    sweeper.stop()
    sweeper.start()
    vi.advanceTimersByTime(PERIOD)
    expect(visited).toEqual(['a'])
  })

  it('never sweeps with a period of 0', () => {
    sweep(['a'], 0).sweeper.start()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('pauses in a long sweep, and continues where it stopped', () => {
    const { items, visited, sweeper } = longSweep()
    const first = visited.length
    expect(first).toBeLessThan(items.length)
    sweeper.start()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersToNextTimer()
    expect(visited.length).toBeGreaterThan(first)
    while (visited.length < items.length) vi.advanceTimersToNextTimer()
    expect(visited).toEqual(items)
  })

  it('can be stopped in the middle of a long sweep', () => {
    const { items, visited, sweeper } = longSweep()
    sweeper.stop()
    vi.advanceTimersByTime(5 * PERIOD)
    expect(vi.getTimerCount()).toBe(0)
    expect(visited.length).toBeLessThan(items.length)
  })

  it('allows a visit to delete its item', () => {
    const items = new Set(['a', 'b', 'c'])
    const { sweeper } = sweep(items, PERIOD, (item) => items.delete(item))
    sweeper.start()
    vi.advanceTimersByTime(PERIOD)
    expect(items.size).toBe(0)
  })

  it('stays stopped when a visit stops it', () => {
    const visit = vi.fn(() => sweeper.stop())
    const sweeper: Sweeper<string> = new Sweeper(['a'], visit, PERIOD)
    sweeper.start()
    vi.advanceTimersByTime(5 * PERIOD)
    expect([visit.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0])
  })

  it('does not keep the process running', () => {
    vi.useRealTimers()
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const { sweeper } = sweep(['a'])
    sweeper.start()
    expect(timers()).toBe(before)
    sweeper.stop()
  })
})

/** Starts a sweep in which each reading of the clock gives a millisecond more. */
function longSweep() {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now++)
  const items = Array.from({ length: 5000 }, (_, index) => index)
  const begun = sweep(items)
  begun.sweeper.start()
  vi.advanceTimersToNextTimer()
  return { items, ...begun }
}

function sweep<T>(items: Iterable<T>, period = PERIOD, also: (item: T) => unknown = () => {}) {
  const visited: T[] = []
  const visit = (item: T) => {
    visited.push(item)
    also(item)
  }
  return { visited, sweeper: new Sweeper(items, visit, period) }
}
