import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callStore } from '../../src/store-guard/call-store'
import { ask } from '../../src/store-suite/ask'

type Done = (err: unknown, value: unknown) => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const ways: Record<string, (store: object) => Promise<unknown>> = {
  'the suite': (store) => ask(store, 'get', ['a'], 5000),
  'the middleware': (store) =>
    new Promise((resolve) => callStore(store as never, 'get', ['a'], (_err, value) => resolve(value))),
}

describe('a store method that reads its callback from `...args`', () => {
  it.each(Object.entries(ways))(
    'is called correctly by %s once it has called back',
    async (_caller, askOnce) => {
      const store = {
        get: async (...args: unknown[]) => void setTimeout(args[1] as Done, 300, null, 'record'),
      }
      const answers = []
      for (let i = 0; i < 2; i++) {
        const asked = askOnce(store)
        await vi.advanceTimersByTimeAsync(1000)
        answers.push(await asked)
      }
      expect(answers).toEqual([undefined, 'record'])
    },
  )
})
