import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Cookie } from '../../../../src/cookie/cookie'
import { type Bounds, MemoryRecords, readRecord } from '../../../../src/stores/memory/memory-records'
import { record, recordFor } from '../../../support/records'

const HOUR = 3_600_000
const MINUTE = 60_000
const UNBOUNDED = { max: Number.POSITIVE_INFINITY, ttl: Number.POSITIVE_INFINITY, checkPeriod: MINUTE }

const lasting = record().cookie
const until = (ms: number) => recordFor(ms).cookie

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('a record that expires', () => {
  it.each([
    [1, true],
    [0, false],
    [-1, false],
  ])('in %i ms is found: %s', (ms, isThere) => {
    const records = filled({ a: until(ms), b: lasting })
    expect(Array.from(records.live())).toHaveLength(isThere ? 2 : 1)
    expect([Boolean(records.find('a')), Boolean(records.find('b'))]).toEqual([isThere, true])
  })

  it.each<[string, (at: number) => unknown]>([
    ['an ISO string', (at) => new Date(at).toISOString()],
    ['a Date', (at) => new Date(at)],
    ['a number', (at) => at],
  ])('can have its expiry as %s', (_what, expires) => {
    const records = filled({ a: { expires: expires(Date.now() + HOUR) } })
    expect(records.find('a')).toBeDefined()
    advance(HOUR)
    expect(records.find('a')).toBeUndefined()
  })

  it('never expires when its expiry is invalid', () => {
    const records = filled({ a: { expires: 'never' } }, { ttl: HOUR })
    advance(1000 * HOUR)
    expect(records.find('a')).toBeDefined()
  })

  it('is removed when find reads it after its expiry', () => {
    const records = filled({ a: until(HOUR) })
    advance(HOUR)
    expect(kept(records)).toEqual(['a'])
    records.find('a')
    expect(kept(records)).toEqual([])
  })
})

describe('ttl', () => {
  it('is the lifetime after the last save or touch of a session without an expiry', () => {
    const records = filled({ a: lasting }, { ttl: HOUR })
    advance(HOUR - 1)
    records.touch('a', lasting)
    advance(HOUR - 1)
    put(records, 'a')
    advance(HOUR - 1)
    expect(records.find('a')).toBeDefined()
    advance(1)
    expect(records.find('a')).toBeUndefined()
  })

  it('does not apply to a session with an expiry', () => {
    const records = filled({ a: until(3 * HOUR) }, { ttl: HOUR })
    advance(2 * HOUR)
    expect(records.find('a')).toBeDefined()
  })
})

describe('max', () => {
  const full = () => filled({ a: lasting, b: lasting, c: lasting }, { max: 3 })

  it('removes the least recently used record when another is put', () => {
    const records = full()
    put(records, 'd', 'e')
    expect(kept(records)).toEqual(['c', 'd', 'e'])
  })

  it.each<[string, (records: MemoryRecords) => unknown]>([
    ['use', (records) => records.use('a')],
    ['put', (records) => put(records, 'a')],
    ['touch', (records) => records.touch('a', lasting)],
  ])('counts a %s as use', (_name, use) => {
    const records = full()
    use(records)
    put(records, 'd')
    expect(kept(records)).toEqual(['a', 'c', 'd'])
  })

  it('does not count a find as use', () => {
    const records = full()
    records.find('a')
    put(records, 'd')
    expect(kept(records)).toEqual(['b', 'c', 'd'])
  })

  it.each<[string, (records: MemoryRecords) => unknown]>([
    ['use', (records) => records.use('x')],
    ['touch', (records) => records.touch('x', lasting)],
    ['drop', (records) => records.drop('x')],
  ])('does not count a %s of an unknown id', (_name, miss) => {
    const records = full()
    miss(records)
    put(records, 'd', 'e', 'f', 'g')
    expect(kept(records)).toEqual(['e', 'f', 'g'])
  })

  it('allows new records after a drop, an expiry or a clear', () => {
    const records = filled({ a: lasting, b: until(HOUR), c: lasting }, { max: 3 })
    records.drop('a')
    put(records, 'd')
    advance(2 * HOUR)
    records.find('b')
    put(records, 'e')
    expect(kept(records)).toEqual(['c', 'd', 'e'])
    records.clear()
    put(records, 'f', 'g', 'h', 'i')
    expect(kept(records)).toEqual(['g', 'h', 'i'])
  })

  it('allows new records after a sweep', () => {
    const records = filled({ a: until(1000), b: until(HOUR) }, { max: 2 })
    vi.advanceTimersByTime(MINUTE)
    put(records, 'c')
    expect(kept(records)).toEqual(['b', 'c'])
  })
})

describe('the sweeps', () => {
  it.each<[string, (records: MemoryRecords) => unknown]>([
    ['was dropped', (records) => records.drop('a')],
    ['was cleared', (records) => records.clear()],
    ['was found to be expired', (records) => [advance(1000), records.find('a')]],
    ['was swept', () => vi.advanceTimersByTime(5 * MINUTE)],
  ])('have no timer after the last record %s, and one after the next put', (_what, empty) => {
    const records = filled({})
    expect(vi.getTimerCount()).toBe(0)
    records.put('a', '{}', until(1000))
    records.put('a', '{}', until(1000))
    expect(vi.getTimerCount()).toBe(1)
    empty(records)
    expect(vi.getTimerCount()).toBe(0)
    put(records, 'b')
    expect(vi.getTimerCount()).toBe(1)
  })

  it('stay stopped until the next put', () => {
    const records = filled({ a: lasting })
    records.stopSweeping()
    expect(vi.getTimerCount()).toBe(0)
    put(records, 'b')
    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('readRecord', () => {
  it.each<[string, unknown]>([
    ['a Cookie with an expiry', new Cookie({ maxAge: HOUR, sameSite: 'lax' })],
    ['a Cookie without an expiry', new Cookie({ path: '/app' })],
    ['a Cookie with an invalid expiry', new Cookie({ expires: new Date(Number.NaN) })],
    ['the cookie of a record', recordFor(HOUR).cookie],
    ['no cookie', undefined],
  ])('returns the JSON data of a session with %s', (_what, cookie) => {
    const records = new MemoryRecords(UNBOUNDED)
    records.put('a', '{"user":"ada"}', cookie)
    expect(read(records, 'a')).toEqual(JSON.parse(JSON.stringify({ user: 'ada', cookie })))
  })

  it('shares no object between two records with the same cookie, nor with their readers', () => {
    const records = filled({ a: lasting, b: lasting })
    Object.assign(read(records, 'a').cookie, { path: '/changed' })
    records.touch('b', { ...lasting, path: '/b' })
    expect([read(records, 'a').cookie, read(records, 'b').cookie.path]).toEqual([lasting, '/b'])
  })
})

function filled(cookies: { [sid: string]: unknown }, bounds: Partial<Bounds> = {}) {
  const records = new MemoryRecords({ ...UNBOUNDED, ...bounds })
  for (const [sid, cookie] of Object.entries(cookies)) records.put(sid, '{}', cookie)
  return records
}

function put(records: MemoryRecords, ...sids: string[]) {
  for (const sid of sids) records.put(sid, '{}', lasting)
}

function read(records: MemoryRecords, sid: string) {
  const found = records.find(sid)
  if (!found) throw new Error(`there is no record ${sid}`)
  return readRecord(found)
}

/** Returns all records in memory, expired or not, by reading them at a time before any expiry. */
function kept(records: MemoryRecords) {
  const now = Date.now()
  vi.setSystemTime(0)
  const sids = Array.from(records.live(), ([sid]) => sid)
  vi.setSystemTime(now)
  return sids.sort()
}

/** Advances the clock without running timers. */
function advance(ms: number) {
  vi.setSystemTime(Date.now() + ms)
}
