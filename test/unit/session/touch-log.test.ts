import { describe, expect, it, vi } from 'vitest'
import { TouchLog } from '../../../src/session/touch-log'
import { freezeClock } from '../../support/clock'

const NOW = Date.parse('2030-01-02T03:04:05.000Z')

freezeClock(NOW)

describe('TouchLog', () => {
  it('says that a session it does not know is due', () => {
    expect(new TouchLog(1000).isDue('a', null)).toBe(true)
  })

  it('says that a session is due again after touchAfter', () => {
    const log = new TouchLog(1000)
    log.note('a')
    vi.setSystemTime(NOW + 999)
    expect(log.isDue('a', null)).toBe(false)
    expect(log.lastOf('a')).toBe(NOW)
    vi.setSystemTime(NOW + 1000)
    expect(log.isDue('a', null)).toBe(true)
  })

  it('forgets a write that failed', () => {
    const log = new TouchLog(1000)
    log.note('a')
    log.forget('a')
    expect(log.isDue('a', null)).toBe(true)
  })

  it('keeps at least its capacity of recent ids, and at most twice as many', () => {
    const log = new TouchLog(1000, 10)
    const ids = Array.from({ length: 100 }, (_, index) => `id ${index}`)
    for (const id of ids) log.note(id)
    const known = ids.filter((id) => log.lastOf(id) !== undefined)
    expect(known.length).toBeLessThanOrEqual(20)
    expect(known.slice(-10)).toEqual(ids.slice(-10))
  })
})
