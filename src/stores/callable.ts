/**
 * Makes a class callable without `new`. Stores written in ES5 do that: `util.inherits(MyStore, Store)`, and
 * `Store.call(this, options)` in their constructor. The own properties of a new instance are then copied to `this`.
 */
export function callable<T extends abstract new (...args: never[]) => object>(Class: T): T {
  const proxy = new Proxy(Class, {
    apply: (target, self, args) => Object.assign(self, Reflect.construct(target, args)),
  })
  Class.prototype.constructor = proxy
  enumerateMethods(Class.prototype)
  return proxy
}

/** Some ES5 stores copy the methods in a loop: `for (var name in Store.prototype)`. */
function enumerateMethods(prototype: object): void {
  for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name !== 'constructor') Object.defineProperty(prototype, name, { ...method, enumerable: true })
  }
}
