import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answerByReturn, callMethod, isThenable, type Method } from '../../../src/store-guard/call-method'
import { eventually } from '../../support/eventually'

/** Methods that answer with their callback; their return values and resolved values are ignored. */
const CALLBACK_STYLES: [what: string, method: Method][] = [
  ['a declared callback', (_sid, _done) => 'early'],
  ['a function with a callback', function get(_sid, _done) {}],
  ['an async function with a callback', async (_sid, _done) => {}],
  ['more parameters than the contract has', (_sid, _done, _more) => 'early'],
  ['a default callback', (_sid, _done = () => {}) => 'early'],
  ['a default for an earlier parameter', (_sid = '', _done = () => {}) => 'early'],
]

/** Methods that forward their arguments: their parameters do not show whether they use a callback. */
const FORWARDING_STYLES: [what: string, method: Method][] = [
  ['rest parameters', (_sid, ...rest) => rest.length],
  ['nothing but rest parameters', (...args) => args.length],
  [
    'arguments',
    function get(_sid) {
      // biome-ignore lint/complexity/noArguments: many old stores use it
      return arguments[1]
    },
  ],
  ['a bound function', ((_sid: string, _done: unknown) => {}).bind(null, 'sid')],
  ['a spy', vi.fn()],
]

/** Methods without a callback, which answer with their return value. */
const RETURN_STYLES: [what: string, method: Method][] = [
  ['an arrow function', (_sid) => 'value'],
  ['a bare arrow function', new Function('return sid => sid === "x" || "value"')()],
  ['a function', function get(_sid) {}],
  ['a method', { get(_sid: string) {} }.get],
  ['an async method', { async get(_sid: string) {} }.get],
  ['a comparison in its body', (sid) => sid === 'x' || sid >= 'y'],
  ['no parameters at all', () => 'value'],
]

describe('answerByReturn', () => {
  it.each([...CALLBACK_STYLES, ...FORWARDING_STYLES])(
    'waits for the callback of a method with %s',
    (_what, method) => {
      expect(answersFor(method, 'early')).toEqual([])
    },
  )

  it.each(RETURN_STYLES)('uses the return value of %s', (_what, method) => {
    expect(answersFor(method, 'value')).toEqual([[undefined, 'value']])
    expect(answersFor(method, undefined)).toEqual([[undefined, undefined]])
  })

  it.each([...RETURN_STYLES, ...FORWARDING_STYLES])(
    'uses the resolved value of %s',
    async (_what, method) => {
      expect(await settledAnswersFor(method, Promise.resolve('value'))).toEqual([[undefined, 'value']])
    },
  )

  it.each(CALLBACK_STYLES)('ignores the resolved value of a method with %s', async (_what, method) => {
    expect(await settledAnswersFor(method, Promise.resolve('early'))).toEqual([])
  })

  it.each([...RETURN_STYLES, ...CALLBACK_STYLES])(
    'treats a rejection by %s as an error',
    async (_what, method) => {
      const fault = new Error('down')
      expect(await settledAnswersFor(method, Promise.reject(fault))).toEqual([[fault]])
    },
  )

  it.each([undefined, null])('creates an error for a rejection with %s', async (reason) => {
    const [[err] = []] = await settledAnswersFor((_sid, _done) => {}, Promise.reject(reason))
    expect(err).toEqual(new Error('the session store rejected without an error'))
  })

  it('treats any thenable as a promise', () => {
    // biome-ignore lint/suspicious/noThenProperty: the test needs a thenable
    const thenable = { then: (resolve: (value: string) => void) => resolve('value') }
    expect(answersFor((_sid) => {}, thenable)).toEqual([[undefined, 'value']])
  })
})

describe('callMethod', () => {
  it('calls the method on its object with the arguments and a callback', () => {
    const store = { name: 'store', get: vi.fn(function (this: object, _sid: string, _done: unknown) {}) }
    const answer = vi.fn()
    callMethod(store, 'get', ['a'], answer)
    expect(store.get.mock.contexts).toEqual([store])
    const [[sid, done] = []] = store.get.mock.calls
    ;(done as (err: unknown, value: unknown) => void)(null, 'record')
    expect([sid, answer.mock.calls]).toEqual(['a', [[null, 'record']]])
  })

  it('remembers that a method which forwards its arguments has used its callback', async () => {
    const late = async (...args: unknown[]) => {
      setImmediate(args[1] as (err: null, value: string) => void, null, 'record')
    }
    const store = { get: late }
    const first = vi.fn()
    callMethod(store, 'get', ['a'], first)
    await eventually(() => expect(first).toHaveBeenCalledWith(null, 'record'))
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      const second = vi.fn()
      callMethod(store, 'get', ['a'], second)
      await vi.advanceTimersByTimeAsync(1000)
      expect(second.mock.calls).toEqual([[null, 'record']])
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a promise of undefined from a method that hands on its arguments', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  const real = async (_sid: string) => undefined
  const stores: [what: string, store: { set: Method }][] = [
    ['a bound method', { set: real.bind(null) }],
    ['a wrapper', { set: async (...args) => real(...(args as [string])) }],
    [
      'a wrapper that is made at each read',
      {
        get set(): Method {
          return (...args) => real(...(args as [string]))
        },
      },
    ],
    [
      'a bound method that is made at each read',
      {
        get set(): Method {
          return real.bind(null)
        },
      },
    ],
  ]

  it.each(stores)('is the answer of %s after one wait, and at once from then on', async (_what, store) => {
    const waited = vi.fn()
    callMethod(store, 'set', ['a'], waited)
    await vi.advanceTimersByTimeAsync(249)
    expect(waited).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(waited.mock.calls).toEqual([[]])
    for (let i = 0; i < 3; i++) {
      const answer = vi.fn()
      callMethod(store, 'set', ['a'], answer)
      await vi.advanceTimersByTimeAsync(0)
      expect(answer.mock.calls).toEqual([[undefined, undefined]])
    }
  })

  it('is not the answer any more once the callback was called, even late', async () => {
    let ms = 400
    const get = async (...args: unknown[]) => {
      setTimeout(args[1] as (err: null, value: string) => void, ms, null, 'record')
    }
    const slow = vi.fn()
    callMethod({ get }, 'get', ['a'], slow)
    await vi.advanceTimersByTimeAsync(400)
    expect(slow.mock.calls).toEqual([[], [null, 'record']])
    ms = 300
    const next = vi.fn()
    callMethod({ get }, 'get', ['a'], next)
    await vi.advanceTimersByTimeAsync(1000)
    expect(next.mock.calls).toEqual([[null, 'record']])
  })

  it('is learnt for each method and each store alone', async () => {
    const hand = (method: Method) => ({ set: method.bind(null), destroy: method.bind(null) })
    const store = hand(real as Method)
    callMethod(store, 'set', ['a'], vi.fn())
    await vi.advanceTimersByTimeAsync(250)
    const others: [object, string][] = [
      [store, 'destroy'],
      [hand(real as Method), 'set'],
    ]
    for (const [other, name] of others) {
      const answer = vi.fn()
      callMethod(other, name, ['a'], answer)
      await vi.advanceTimersByTimeAsync(0)
      expect(answer).not.toHaveBeenCalled()
    }
  })

  it('does not answer for a method that was put in the place of one that answers by the callback', async () => {
    const byCallback: Method = (_sid: string, done: () => void) => done()
    const hand =
      (method: Method): Method =>
      (...args) =>
        method(...args)
    const store = { set: hand(byCallback) }
    callMethod(store, 'set', ['a'], vi.fn())
    store.set = hand(real as Method)
    const answer = vi.fn()
    callMethod(store, 'set', ['a'], answer)
    await vi.advanceTimersByTimeAsync(250)
    expect(answer.mock.calls).toEqual([[]])
  })
})

describe('isThenable', () => {
  it.each([
    [Promise.resolve(), true],
    // biome-ignore lint/suspicious/noThenProperty: the test needs a thenable
    [{ then() {} }, true],
    // biome-ignore lint/suspicious/noThenProperty: the test needs a thenable
    [{ then: true }, false],
    [undefined, false],
    [null, false],
    ['then', false],
  ])('returns for %j: %s', (value, answer) => {
    expect(isThenable(value)).toBe(answer)
  })
})

/** Resolves to the answers of a method, with an optional callback as second parameter, that returned this value. */
function answersFor(method: Method, returned: unknown) {
  const answer = vi.fn()
  answerByReturn(returned, method, 2, answer)
  return answer.mock.calls
}

async function settledAnswersFor(method: Method, returned: unknown) {
  const calls = answersFor(method, returned)
  await new Promise((resolve) => setImmediate(resolve))
  return calls
}
