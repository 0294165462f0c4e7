type Done = (err?: unknown, record?: unknown) => void

/** Each makes the methods of a store in one style, over the same map. */
export const styles: Record<string, (map: Map<string, string>) => object> = {
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
  'returns nothing at all': (map) => ({
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
  'takes its callback from arguments': (map) => ({
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

const noop: Done = () => {}

function parse(json: string | undefined) {
  return json === undefined ? undefined : JSON.parse(json)
}
