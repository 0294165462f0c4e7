import { describe, expect, it } from 'vitest'
import { IdState } from '../../../src/store-guard/id-state'
import { IdStates } from '../../../src/store-guard/id-states'
import { liveBytes } from '../../support/heap'

describe('join', () => {
  it('gives all requests of an id one state, until the id ends', () => {
    const states = new IdStates()
    const first = states.join('a')
    expect(states.join('a')).toBe(first)
    states.end('a')
    const second = states.join('a')
    expect(second).not.toBe(first)
    expect([first.isDestroyed, second.isDestroyed]).toEqual([true, false])
  })

  it('gives another id another state', () => {
    const states = new IdStates()
    const [a, b] = [states.join('a'), states.join('b')]
    states.end('a')
    expect([a.isDestroyed, b.isDestroyed]).toEqual([true, false])
  })

  it('keeps an ended state while a call could bring the record back', () => {
    const states = new IdStates()
    const state = states.join('a')
    state.writes = 1
    states.end('a')
    expect(states.join('a')).toBe(state)
    state.writes = 0
    states.settle(state)
    expect(states.join('a')).not.toBe(state)
  })
})

describe('list', () => {
  it('makes the state of a new session known', () => {
    const states = new IdStates()
    const state = new IdState('a')
    expect([states.find('a'), states.list('a', state), states.join('a')]).toEqual([undefined, state, state])
  })

  it('joins the new session of an id that is in use: both end together', () => {
    const states = new IdStates()
    const [used, again] = [states.join('a'), new IdState('a')]
    expect([states.list('a', again), states.list('a', again)]).toEqual([used, used])
    states.end('a')
    expect([used.isDestroyed, again.isDestroyed]).toEqual([true, true])
  })

  it('joins the id that is written if it is not the one of the state', () => {
    const states = new IdStates()
    expect(states.list('b', new IdState('a'))).toBe(states.join('b'))
  })

  it('gives the id to the new session if it is being destroyed', () => {
    const states = new IdStates()
    const [old, again] = [states.join('a'), new IdState('a')]
    old.destroys = 1
    states.list('a', again)
    old.destroys = 0
    states.endState(old)
    expect([states.join('a'), again.isDestroyed]).toEqual([again, false])
  })
})

describe('endAll', () => {
  it('ends every id but the ones to keep', () => {
    const states = new IdStates()
    const all = ['a', 'b', 'c'].map((sid) => states.join(sid))
    states.endAll((sid) => sid === 'b')
    expect(all.map(({ isDestroyed }) => isDestroyed)).toEqual([true, false, true])
  })
})

describe('states that are not used any more', () => {
  it('are forgotten after a garbage collection, and the used ones are not', async () => {
    const states = new IdStates()
    const used = states.join('used')
    await joinMany(states, 'first', 100_000)
    expect(sizeOf(states)).toBeGreaterThan(50_000)
    liveBytes()
    // Each new id checks a few entries.
    await joinMany(states, 'second', 20_000)
    expect(sizeOf(states)).toBeLessThan(25_000)
    expect(states.join('used')).toBe(used)
  })

  it('leave no entry if their ids ended', async () => {
    const states = new IdStates()
    for (let i = 0; i < 20_000; i++) {
      states.list(`${i}`, new IdState(`${i}`))
      states.end(`${i}`)
    }
    expect(sizeOf(states)).toBe(0)
  })
})

/** Lets ticks pass, since a new state is alive until its tick ends. */
async function joinMany(states: IdStates, name: string, count: number) {
  for (let i = 0; i < count; i++) {
    states.join(`${name}${i}`)
    if (i % 1000 === 999) await new Promise((resolve) => setImmediate(resolve))
  }
}

function sizeOf(states: IdStates): number {
  return (states as unknown as { refs: Map<string, unknown> }).refs.size
}
