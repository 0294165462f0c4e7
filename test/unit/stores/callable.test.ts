import { inherits } from 'node:util'
import { describe, expect, it } from 'vitest'
import { callable } from '../../../src/stores/callable'

class Plain {
  items: string[] = []
  constructor(readonly name = 'none') {}
  greet() {
    return `hello ${this.name}`
  }
}

const Base = callable(Plain)
type Es5 = { (this: object, name: string): void; new (name: string): Plain }

describe('callable', () => {
  it('creates instances with `new`', () => {
    const base = new Base('ada')
    expect(base).toBeInstanceOf(Base)
    expect(base).toBeInstanceOf(Plain)
    expect([base.greet(), base.constructor]).toEqual(['hello ada', Base])
  })

  it('can be called without `new` by a constructor in ES5 style', () => {
    const Child = function (this: object, name: string) {
      Reflect.apply(Base, this, [name])
    } as unknown as Es5
    inherits(Child, Base)
    const [child, other] = [new Child('ada'), new Child('bob')]
    child.items.push('x')
    expect([child.greet(), other.greet(), other.items]).toEqual(['hello ada', 'hello bob', []])
    expect(child).toBeInstanceOf(Base)
  })

  it('has enumerable methods', () => {
    const names = []
    for (const name in Base.prototype) names.push(name)
    expect(names).toEqual(['greet'])
  })

  it('can be extended by a class that overrides methods', () => {
    class Child extends Base {
      override greet() {
        return `${super.greet()}!`
      }
    }
    const child = new Child('ada')
    expect([child.greet(), child.constructor]).toEqual(['hello ada!', Child])
    expect(child).toBeInstanceOf(Base)
  })

  it('passes on the arguments, and the error of the constructor', () => {
    const Picky = callable(
      class {
        constructor(value: unknown) {
          if (!value) throw new TypeError('a value is needed')
        }
      },
    )
    expect(() => Reflect.apply(Picky, {}, [])).toThrow('a value is needed')
    expect(() => Reflect.apply(Picky, {}, [1])).not.toThrow()
  })
})
