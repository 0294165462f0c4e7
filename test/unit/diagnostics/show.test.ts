import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { show } from '../../../src/diagnostics/show'

class Client {
  options = { password: 'analytical engine' }
}

const circular: { self?: object } = {}
circular.self = circular

describe('show', () => {
  it.each<[value: unknown, text: string]>([
    ['5s', '"5s"'],
    ['line\nbreak', '"line\\nbreak"'],
    ['', '""'],
    [Number.NaN, 'NaN'],
    [5n, '5n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('a'), 'Symbol(a)'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), 'Invalid Date'],
  ])('returns a value that is no object: %s', (value, text) => {
    expect(show(value)).toBe(text)
  })

  it.each<[value: object, text: string]>([
    [new Client(), '[Client]'],
    [{ password: 'analytical engine' }, '[Object]'],
    [['analytical engine'], '[Array]'],
    [new Map([['password', 'analytical engine']]), '[Map]'],
    [Promise.resolve('analytical engine'), '[Promise]'],
    [Client, '[class Client]'],
    [Object.assign(() => {}, new Client()), '[Function]'],
    [circular, '[Object]'],
    [runInContext('({ password: "analytical engine" })', createContext()), '[Object]'],
  ])('returns the kind of an object, since its content may be secret or long: $1', (value, text) => {
    expect(show(value)).toBe(text)
  })

  it('returns the kind of an object without a prototype', () => {
    expect(show(Object.assign(Object.create(null), { a: 1 }))).toMatch(/^\[Object: null prototype\]/)
  })

  it('returns the stack of an error', () => {
    expect(show(new Error('down'))).toContain('Error: down')
  })
})
