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
  ])('in %i ms is there: %s', (ms, isThere) => {
    const records = filled({ a: until(ms), b: lasting })
    expect(Array.from(records.live())).toHaveLength(isThere ? 2 : 1)
    expect([Boolean(records.find('a')), Boolean(records.find('b'))]).toEqual([isThere, true])
  })

  it.each<[string, (at: number) => unknown]>([
    ['an ISO string', (at) => new Date(at).toISOString()],
    ['a Date', (at) => new Date(at)],
    ['a number', (at) => at],
  ])('has its expiry in %s', (_what, expires) => {
    const records = filled({ a: { expires: expires(Date.now() + HOUR) } })
    expect(records.find('a')).toBeDefined()
    advance(HOUR)
    expect(records.find('a')).toBeUndefined()
  })

  it('never ends where nobody can read when', () => {
    const records = filled({ a: { expires: 'never' } }, { ttl: HOUR })
    advance(1000 * HOUR)
    expect(records.find('a')).toBeDefined()
  })

  it('is dropped at the look that finds it expired', () => {
    const records = filled({ a: until(HOUR) })
    advance(HOUR)
    expect(kept(records)).toEqual(['a'])
    records.find('a')
    expect(kept(records)).toEqual([])
  })
})

describe('ttl', () => {
  it('ends a session without an expiry so long after its last save or touch', () => {
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

  it('leaves a session with an expiry to that', () => {
    const records = filled({ a: until(3 * HOUR) }, { ttl: HOUR })
    advance(2 * HOUR)
    expect(records.find('a')).toBeDefined()
  })
})

describe('max', () => {
  const full = () => filled({ a: lasting, b: lasting, c: lasting }, { max: 3 })

  it('lets the least recently used leave where one more comes', () => {
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

  it('does not count a look', () => {
    const records = full()
    records.find('a')
    put(records, 'd')
    expect(kept(records)).toEqual(['b', 'c', 'd'])
  })

  it.each<[string, (records: MemoryRecords) => unknown]>([
    ['use', (records) => records.use('x')],
    ['touch', (records) => records.touch('x', lasting)],
    ['drop', (records) => records.drop('x')],
  ])('is not filled by a %s of what is not there', (_name, miss) => {
    const records = full()
    miss(records)
    put(records, 'd', 'e', 'f', 'g')
    expect(kept(records)).toEqual(['e', 'f', 'g'])
  })

  it('has room again after a drop, an expiry or a clear', () => {
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

  it('has room again after a sweep', () => {
    const records = filled({ a: until(1000), b: until(HOUR) }, { max: 2 })
    vi.advanceTimersByTime(MINUTE)
    put(records, 'c')
    expect(kept(records)).toEqual(['b', 'c'])
  })
})

describe('the sweeps', () => {
  it.each<[string, (records: MemoryRecords) => unknown]>([
    ['was dropped', (records) => records.drop('a')],
    ['was cleared away', (records) => records.clear()],
    ['expired and was looked for', (records) => [advance(1000), records.find('a')]],
    ['was swept away', () => vi.advanceTimersByTime(5 * MINUTE)],
  ])('need no timer once the last record %s, and one for the next', (_what, empty) => {
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

  it('rest until something is put', () => {
    const records = filled({ a: lasting })
    records.stopSweeping()
    expect(vi.getTimerCount()).toBe(0)
    put(records, 'b')
    expect(vi.getTimerCount()).toBe(1)
  })
})

describe('readRecord', () => {
  it.each<[string, unknown]>([
    ['a live cookie that ends', new Cookie({ maxAge: HOUR, sameSite: 'lax' })],
    ['a live cookie that does not', new Cookie({ path: '/app' })],
    ['a live cookie whose end nobody can tell', new Cookie({ expires: new Date(Number.NaN) })],
    ['the cookie of a record', recordFor(HOUR).cookie],
    ['no cookie', undefined],
  ])('gives back what JSON leaves of a session with %s', (_what, cookie) => {
    const records = new MemoryRecords(UNBOUNDED)
    records.put('a', '{"user":"ada"}', cookie)
    expect(read(records, 'a')).toEqual(JSON.parse(JSON.stringify({ user: 'ada', cookie })))
  })

  it('shares nothing between two records with the same cookie, nor with who reads one', () => {
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
  if (!found) throw new Error(`there is no ${sid}`)
  return readRecord(found)
}

/** What is held in memory, expired or not: seen from a time when nothing had expired. */
function kept(records: MemoryRecords) {
  const now = Date.now()
  vi.setSystemTime(0)
  const sids = Array.from(records.live(), ([sid]) => sid)
  vi.setSystemTime(now)
  return sids.sort()
}

/** Lets time pass in which no timer runs. */
function advance(ms: number) {
  vi.setSystemTime(Date.now() + ms)
}
