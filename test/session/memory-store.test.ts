import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import session from '../../src'
import { compare, type SessionModule } from '../support/implementations'
import { record, recordFor } from '../support/records'

const HOUR = 3_600_000

describe('MemoryStore', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  it('removes expired sessions that no request loads', async () => {
    const kept = await compare((session) => {
      const store = fill(session, 100, HOUR)
      vi.advanceTimersByTime(48 * HOUR)
      return Object.keys((store as unknown as { sessions: object }).sessions).length
    })
    expect(kept).toEqual({ ours: 0, upstream: 100 })
  })

  it('keeps sessions that have not expired', async () => {
    const store = fill(session, 10, 72 * HOUR)
    vi.advanceTimersByTime(48 * HOUR)
    expect(await lengthOf(store)).toBe(10)
  })

  it('has no timer while it is empty', async () => {
    const store = new session.MemoryStore()
    expect(vi.getTimerCount()).toBe(0)
    store.set('a', recordFor(HOUR) as never)
    store.destroy('a')
    vi.advanceTimersByTime(48 * HOUR)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('counts only sessions that have not expired', async () => {
    const store = fill(session, 3, HOUR)
    store.set('forever', record() as never)
    vi.setSystemTime(Date.now() + 2 * HOUR)
    expect(await lengthOf(store)).toBe(1)
  })
})

function fill(implementation: SessionModule, count: number, ms: number) {
  const store = new implementation.MemoryStore()
  for (let i = 0; i < count; i++) store.set(`s${i}`, recordFor(ms) as never)
  return store
}

function lengthOf(store: InstanceType<SessionModule['MemoryStore']>) {
  return new Promise((resolve) => store.length((_err, length) => resolve(length)))
}
