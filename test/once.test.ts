import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it, vi } from 'vitest'
import { answerByReturn, isThenable, type Method, once } from '../src/once'
import { crashesOf } from './support/outcome'

describe('once', () => {
  it('delivers the first answer and ignores the others', () => {
    const callback = vi.fn()
    const answer = once(callback)
    answer(null, 'first')
    answer(null, 'second')
    answer(new Error('late'))
    expect(callback.mock.calls).toEqual([[null, 'first']])
  })

  it('ignores an answer that comes while the first is delivered', () => {
    const callback = vi.fn(() => answer(null, 'nested'))
    const answer = once(callback)
    answer(null, 'first')
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('lets nothing that the callback throws reach the store, and everybody else see it', async () => {
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

/** Methods that take a callback and answer by it, whatever they return. */
const CALLBACK_STYLES: [what: string, method: Method][] = [
  ['a declared callback', (_sid, _done) => 'early'],
  ['a function with one', function get(_sid, _done) {}],
  ['more parameters than asked for', (_sid, _done, _more) => 'early'],
  ['a default callback', (_sid, _done = () => {}) => 'early'],
  ['a default before it', (_sid = '', _done = () => {}) => 'early'],
  ['rest parameters', (_sid, ...rest) => rest.length],
  [
    'arguments',
    function get(_sid) {
      // biome-ignore lint/complexity/noArguments: many an old store does it
      return arguments[1]
    },
  ],
  ['no parameters at all', () => 'early'],
]

/** Methods that take none, and answer with what they return. */
const RETURN_STYLES: [what: string, method: Method][] = [
  ['an arrow function', (_sid) => 'value'],
  ['a bare arrow function', new Function('return sid => sid === "x" || "value"')()],
  ['a function', function get(_sid) {}],
  ['a method', { get(_sid: string) {} }.get],
]

describe('answerByReturn', () => {
  it.each(CALLBACK_STYLES)('waits for the callback of a method with %s', (_what, method) => {
    expect(answersFor(method, 'early')).toEqual([])
  })

  it.each(RETURN_STYLES)('takes what %s returns where it takes no callback', (_what, method) => {
    expect(answersFor(method, 'value')).toEqual([[undefined, 'value']])
    expect(answersFor(method, undefined)).toEqual([[undefined, undefined]])
  })

  it.each([...RETURN_STYLES, ['no parameters at all', () => {}] as [string, Method]])(
    'takes what the promise of %s resolves to',
    async (_what, method) => {
      expect(await settledAnswersFor(method, Promise.resolve('value'))).toEqual([[undefined, 'value']])
    },
  )

  it('does not take what a promise resolves to where there is a callback', async () => {
    expect(await settledAnswersFor((_sid, _done) => {}, Promise.resolve('early'))).toEqual([])
  })

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
