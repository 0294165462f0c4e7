import { describe, expect, it } from 'vitest'
import { canTouch, hasOwnRegenerate } from '../../../src/store-guard/abilities'
import { upstream } from '../../support/implementations'
import { createStore } from '../../support/store'

describe('canTouch', () => {
  it('reads the method at each call, since some stores get their methods late', () => {
    const store: { touch?: () => void } = {}
    expect(canTouch(store as never)).toBe(false)
    store.touch = () => {}
    expect(canTouch(store as never)).toBe(true)
  })
})

describe('hasOwnRegenerate', () => {
  const regenerate = () => {}
  const load = () => {}

  it.each<[string, object, boolean]>([
    ['a store that extends Store', createStore(), false],
    ["a store that extends express-session's Store", createStore(upstream), false],
    ['such a store with a regenerate of its own', Object.assign(createStore(), { regenerate }), true],
    ['a plain object without one', {}, false],
    ['a plain object with one', { regenerate }, true],
    ['a plain object with load and regenerate', { load, regenerate }, true],
  ])('is right about %s', (_what, store, answer) => {
    expect(hasOwnRegenerate(store as never)).toBe(answer)
  })
})
