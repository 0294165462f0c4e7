/**
 * Lets a class be called without `new`, as stores written in ES5 do: `util.inherits(MyStore, Store)` and
 * `Store.call(this, options)` in their constructor. What a new instance would own is then given to `this`.
 */
export function callable<T extends abstract new (...args: never[]) => object>(Class: T): T {
  const proxy = new Proxy(Class, {
    apply: (target, self, args) => Object.assign(self, Reflect.construct(target, args)),
  })
  Class.prototype.constructor = proxy
  enumerateMethods(Class.prototype)
  return proxy
}

/** Some stores of ES5 copy the methods one by one: `for (var name in Store.prototype)`. */
function enumerateMethods(prototype: object): void {
  for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name !== 'constructor') Object.defineProperty(prototype, name, { ...method, enumerable: true })
  }
}
