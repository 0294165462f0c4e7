import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it, vi } from 'vitest'
import { once } from '../../../src/store-guard/call-store'
import { crashesOf } from '../../support/outcome'

describe('once', () => {
  it('delivers the first answer and ignores the others', () => {
    const callback = vi.fn()
    const answer = once(callback)
    answer(null, 'first')
    answer(null, 'second')
    answer(new Error('late'))
    expect(callback.mock.calls).toEqual([[null, 'first']])
  })

  it('ignores an answer during the delivery of the first', () => {
    const callback = vi.fn(() => answer(null, 'nested'))
    const answer = once(callback)
    answer(null, 'first')
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('makes an error that the callback throws an uncaught exception, not an error in the store', async () => {
    let reached: unknown = 'nothing'
    const crashes = await crashesOf(async () => {
      const answer = once(() => {
        throw new Error('in the handler')
      })
      try {
        reached = answer()
      } catch (err) {
        reached = err
      }
    })
    expect([reached, crashes]).toEqual([undefined, ['in the handler']])
  })

  it("runs the callback in the async context of the request, not in the store's", () => {
    const context = new AsyncLocalStorage<string>()
    const callback = vi.fn(() => context.getStore())
    const answer = context.run('request', () => once(callback))
    context.run('store', () => answer())
    expect(callback).toHaveReturnedWith('request')
  })
})
