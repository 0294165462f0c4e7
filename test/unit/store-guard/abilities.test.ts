import { describe, expect, it } from 'vitest'
import { canTouch } from '../../../src/store-guard/abilities'

describe('canTouch', () => {
  it('reads the method at each call, since some stores get their methods late', () => {
    const store: { touch?: () => void } = {}
    expect(canTouch(store as never)).toBe(false)
    store.touch = () => {}
    expect(canTouch(store as never)).toBe(true)
  })
})
