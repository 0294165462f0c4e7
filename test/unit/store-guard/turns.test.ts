import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Turn, Turns } from '../../../src/store-guard/turns'

const written = { record: undefined, version: { snapshot: '{}', lifetime: null } }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('turns', () => {
  it('begin in the same tick, and one after the other', async () => {
    const { turns, begun, take } = create()
    take('a', 1)
    take('a', 2)
    take('b', 3)
    expect(begun).toEqual([1, 3])
    turns[0]?.end()
    await null
    expect(begun).toEqual([1, 3, 2])
  })

  it('take no memory after the last one of an id', async () => {
    const { all, turns, take } = create()
    take('a', 1)
    take('a', 2)
    turns[0]?.end()
    await null
    turns[1]?.end()
    turns[1]?.end()
    expect(all.size).toBe(0)
  })

  it('pass on what was written, until none waits', async () => {
    const { turns, take } = create()
    take('a', 1)
    take('a', 2)
    Object.assign(turns[0] as Turn, { note: written })
    turns[0]?.end()
    await null
    expect(turns[1]?.note).toBe(written)
    turns[1]?.end()
    take('a', 3)
    expect(turns[2]?.note).toBeUndefined()
  })

  it('are over after 30 seconds if others wait', async () => {
    const { turns, begun, take } = create()
    take('a', 1)
    vi.advanceTimersByTime(60_000)
    expect(turns[0]?.isOver).toBe(false)
    take('a', 2)
    take('a', 3)
    vi.advanceTimersByTime(29_999)
    expect(begun).toEqual([1])
    vi.advanceTimersByTime(1)
    await null
    expect(begun).toEqual([1, 2])
    expect(turns[0]?.isOver).toBe(true)
    turns[0]?.end()
    vi.advanceTimersByTime(30_000)
    await null
    expect(begun).toEqual([1, 2, 3])
  })

  it('may take a time of their own from a moment on', async () => {
    const { turns, begun, take } = create()
    take('a', 1)
    turns[0]?.extend(5000)
    vi.advanceTimersByTime(60_000)
    take('a', 2)
    vi.advanceTimersByTime(4999)
    turns[0]?.extend()
    vi.advanceTimersByTime(29_999)
    turns[0]?.extend(5000)
    vi.advanceTimersByTime(4999)
    expect([turns[0]?.isOver, begun]).toEqual([false, [1]])
    vi.advanceTimersByTime(1)
    await null
    expect([turns[0]?.isOver, begun]).toEqual([true, [1, 2]])
    turns[0]?.extend(1)
    vi.advanceTimersByTime(1)
    expect(turns[1]?.isOver).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('run in the async context of their caller', async () => {
    const context = new AsyncLocalStorage<string>()
    const all = new Turns()
    const seen: unknown[] = []
    const begun: Turn[] = []
    context.run('one', () => all.take('a', (turn) => void begun.push(turn)))
    context.run('two', () => all.take('a', () => seen.push(context.getStore())))
    context.run('one', () => begun[0]?.end())
    await null
    expect(seen).toEqual(['two'])
  })
})

function create() {
  const all = new Turns()
  const turns: Turn[] = []
  const begun: number[] = []
  const take = (sid: string, number: number) =>
    all.take(sid, (turn) => {
      begun.push(number)
      turns.push(turn)
    })
  return { all, turns, begun, take }
}
