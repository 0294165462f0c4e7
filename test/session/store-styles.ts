type Done = (err?: unknown, record?: unknown) => void
// biome-ignore lint/suspicious/noExplicitAny: any method of any store.
type Method = (...args: any[]) => unknown
type Styles = Record<string, (map: Map<string, string>) => Record<string, Method>>

/** Each function creates the methods of a store in one style, on the given map. */
const plain: Styles = {
  'answers in the same tick': (map) => ({
    get: (sid: string, done: Done) => done(null, parse(map.get(sid))),
    set(sid: string, sess: object, done: Done) {
      map.set(sid, JSON.stringify(sess))
      done()
    },
    destroy(sid: string, done: Done) {
      map.delete(sid)
      done()
    },
  }),
  'returns its answers': (map) => ({
    get: (sid: string) => parse(map.get(sid)),
    set: (sid: string, sess: object) => map.set(sid, JSON.stringify(sess)),
    destroy: (sid: string) => map.delete(sid),
    touch: (_sid: string, _sess: object) => undefined,
  }),
  'returns nothing': (map) => ({
    get(sid: string) {
      return parse(map.get(sid))
    },
    set(sid: string, sess: object) {
      map.set(sid, JSON.stringify(sess))
    },
    destroy(sid: string) {
      map.delete(sid)
    },
    touch(_sid: string, _sess: object) {},
  }),
  'compares and assigns in its arrow functions': (map) => {
    const last = { sid: '' }
    return {
      get: (sid: string) => (map.has(sid) === true ? parse(map.get(sid)) : null),
      // biome-ignore lint/suspicious/noAssignInExpressions: small stores are written this way
      set: (sid: string, sess: object) => (last.sid = sid) && map.set(sid, JSON.stringify(sess)),
      destroy: (sid: string) => map.delete(sid) === true,
    }
  },
  'returns promises and takes no callback': (map) => ({
    get: async (sid: string) => parse(map.get(sid)),
    set: async (sid: string, sess: object) => void map.set(sid, JSON.stringify(sess)),
    destroy: async (sid: string) => void map.delete(sid),
    touch: async (_sid: string, _sess: object) => {},
  }),
  'is async, resolves early and calls back later': (map) => ({
    async get(sid: string, done: Done) {
      setImmediate(() => done(null, parse(map.get(sid))))
    },
    async set(sid: string, sess: object, done: Done) {
      setImmediate(() => done(map.set(sid, JSON.stringify(sess)) && null))
    },
    async destroy(sid: string, done: Done) {
      setImmediate(() => done(map.delete(sid) && null))
    },
  }),
  'has callbacks with a default': (map) => ({
    get(sid: string, done: Done = noop) {
      setImmediate(() => done(null, parse(map.get(sid))))
    },
    set(sid: string, sess: object, done: Done = noop) {
      setImmediate(() => done(map.set(sid, JSON.stringify(sess)) && null))
    },
    destroy(sid: string, done: Done = noop) {
      setImmediate(() => done(map.delete(sid) && null))
    },
  }),
  'reads its callback from arguments': (map) => ({
    get(...args: [string, Done]) {
      setImmediate(() => args[1](null, parse(map.get(args[0]))))
    },
    set(...args: [string, object, Done]) {
      map.set(args[0], JSON.stringify(args[1]))
      setImmediate(args[2])
    },
    destroy(...args: [string, Done]) {
      map.delete(args[0])
      setImmediate(args[1])
    },
  }),
  'is async, has callbacks with a default and calls them later': (map) => ({
    async get(sid: string, done: Done = noop) {
      setImmediate(() => done(null, parse(map.get(sid))))
    },
    async set(sid: string, sess: object, done: Done = noop) {
      setImmediate(() => done(map.set(sid, JSON.stringify(sess)) && null))
    },
    async destroy(sid: string, done: Done = noop) {
      setImmediate(() => done(map.delete(sid) && null))
    },
  }),
  'calls back and resolves': (map) => ({
    async get(sid: string, done: Done) {
      done(null, parse(map.get(sid)))
      return parse(map.get(sid))
    },
    async set(sid: string, sess: object, done: Done) {
      map.set(sid, JSON.stringify(sess))
      done()
    },
    async destroy(sid: string, done: Done) {
      map.delete(sid)
      done()
    },
  }),
}

/** Wrappers around a store's methods. They hide how many parameters the method declares. */
const wraps: Record<string, (method: Method) => Method> = {
  'is bound': (method) => method.bind(undefined),
  'is wrapped':
    (method) =>
    (...args) =>
      method(...args),
}

const wrapped = [
  'answers in the same tick',
  'has callbacks with a default',
  'returns promises and takes no callback',
]

export const styles: Styles = { ...plain, ...Object.assign({}, ...wrapped.map(wrapEach)) }

function wrapEach(style: string): Styles {
  const entries = Object.entries(wraps).map(([how, wrap]): [string, Styles[string]] => {
    const make = (map: Map<string, string>) =>
      Object.entries(plain[style]?.(map) ?? {}).map(([name, method]) => [name, wrap(method)])
    return [`${how} and ${style}`, (map) => Object.fromEntries(make(map))]
  })
  return Object.fromEntries(entries)
}

function noop() {}

function parse(json: string | undefined) {
  return json === undefined ? undefined : JSON.parse(json)
}
