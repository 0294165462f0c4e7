import { describe, expect, it, vi } from 'vitest'
import { answerByReturn, callMethod, isThenable, type Method } from '../../../src/store-guard/call-method'

/** Methods that take a callback and answer by it, whatever they return or resolve to. */
const CALLBACK_STYLES: [what: string, method: Method][] = [
  ['a declared callback', (_sid, _done) => 'early'],
  ['a function with one', function get(_sid, _done) {}],
  ['an async function with one', async (_sid, _done) => {}],
  ['more parameters than asked for', (_sid, _done, _more) => 'early'],
  ['a default callback', (_sid, _done = () => {}) => 'early'],
  ['a default before it', (_sid = '', _done = () => {}) => 'early'],
]

/** Methods that hand on what they are given: whether a callback is among it nobody can see. */
const FORWARDING_STYLES: [what: string, method: Method][] = [
  ['rest parameters', (_sid, ...rest) => rest.length],
  ['nothing but rest parameters', (...args) => args.length],
  [
    'arguments',
    function get(_sid) {
      // biome-ignore lint/complexity/noArguments: many an old store does it
      return arguments[1]
    },
  ],
  ['a bound function', ((_sid: string, _done: unknown) => {}).bind(null, 'sid')],
  ['a spy', vi.fn()],
]

/** Methods that take none, and answer with what they return. */
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

  it.each(RETURN_STYLES)('takes what %s returns where it takes no callback', (_what, method) => {
    expect(answersFor(method, 'value')).toEqual([[undefined, 'value']])
    expect(answersFor(method, undefined)).toEqual([[undefined, undefined]])
  })

  it.each([...RETURN_STYLES, ...FORWARDING_STYLES])(
    'takes what the promise of %s resolves to',
    async (_what, method) => {
      expect(await settledAnswersFor(method, Promise.resolve('value'))).toEqual([[undefined, 'value']])
    },
  )

  it.each(CALLBACK_STYLES)(
    'does not take what the promise of one with %s resolves to',
    async (_what, method) => {
      expect(await settledAnswersFor(method, Promise.resolve('early'))).toEqual([])
    },
  )

  it.each([...RETURN_STYLES, ...CALLBACK_STYLES])(
    'takes a rejection of %s for an error',
    async (_what, method) => {
      const fault = new Error('down')
      expect(await settledAnswersFor(method, Promise.reject(fault))).toEqual([[fault]])
    },
  )

  it.each([undefined, null])('makes an error of a rejection with %s', async (reason) => {
    const [[err] = []] = await settledAnswersFor((_sid, _done) => {}, Promise.reject(reason))
    expect(err).toEqual(new Error('the session store rejected without an error'))
  })

  it('takes any thenable for a promise', () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what is tried
    const thenable = { then: (resolve: (value: string) => void) => resolve('value') }
    expect(answersFor((_sid) => {}, thenable)).toEqual([[undefined, 'value']])
  })
})

describe('callMethod', () => {
  it('calls it on its object with the arguments and a callback', () => {
    const store = { name: 'store', get: vi.fn(function (this: object, _sid: string, _done: unknown) {}) }
    const answer = vi.fn()
    callMethod(store, store.get as Method, ['a'], answer)
    expect(store.get.mock.contexts).toEqual([store])
    const [[sid, done] = []] = store.get.mock.calls
    ;(done as (err: unknown, value: unknown) => void)(null, 'record')
    expect([sid, answer.mock.calls]).toEqual(['a', [[null, 'record']]])
  })

  it('learns that a method which hands on what it is given answers by the callback', async () => {
    const late = async (...args: unknown[]) => {
      setImmediate(args[1] as (err: null, value: string) => void, null, 'record')
    }
    const first = vi.fn()
    callMethod({}, late, ['a'], first)
    await vi.waitFor(() => expect(first).toHaveBeenCalledWith(null, 'record'))
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      const second = vi.fn()
      callMethod({}, late, ['a'], second)
      await vi.advanceTimersByTimeAsync(1000)
      expect(second.mock.calls).toEqual([[null, 'record']])
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('isThenable', () => {
  it.each([
    [Promise.resolve(), true],
    // biome-ignore lint/suspicious/noThenProperty: that is what is tried
    [{ then() {} }, true],
    // biome-ignore lint/suspicious/noThenProperty: that is what is tried
    [{ then: true }, false],
    [undefined, false],
    [null, false],
    ['then', false],
  ])('says of %j: %s', (value, answer) => {
    expect(isThenable(value)).toBe(answer)
  })
})

/** The answers that follow when the method, which may take a callback as its second argument, returned this. */
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
