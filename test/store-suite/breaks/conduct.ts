import type { Break, Callback, Live } from './break'

/** Faults in how a store treats the objects and callbacks that it gets. */
export const ofConduct: Break[] = [
  {
    fault: 'serializes the session after set has returned',
    rules: ['stores the session as it is when set is called'],
    methods: (right) => ({
      set: (sid: string, session: Live, callback?: Callback) =>
        void setImmediate(() => right.set(sid, session, callback)),
    }),
  },
  {
    fault: 'keeps a reference to the cookie object',
    rules: [
      'does not change a stored record when the session object changes later',
      'writes a session with compareAndSet if its record has not changed',
      'compares with the record as it was loaded, even if the object has changed',
      'lets only one of several simultaneous calls of compareAndSet write',
      'takes no touch for a change of the record',
    ],
    methods(right) {
      const cookies = new Map<string, unknown>()
      return {
        set(sid: string, session: Live, callback?: Callback) {
          cookies.set(sid, session.cookie)
          right.set(sid, session, callback)
        },
        get: (sid: string, callback: Callback) =>
          right.get(sid, (err, record) => callback(err, record && { ...record, cookie: cookies.get(sid) })),
      }
    },
  },
  {
    fault: 'keeps a reference to the session object',
    rules: [
      'stores the session as it is when set is called',
      'does not change a stored record when the session object changes later',
      'returns a new object from each get',
      'writes a session with compareAndSet if its record has not changed',
      'compares with the record as it was loaded, even if the object has changed',
      'lets only one of several simultaneous calls of compareAndSet write',
      'takes no touch for a change of the record',
    ],
    methods(right) {
      const sessions = new Map<string, Live>()
      return {
        set(sid: string, session: Live, callback?: Callback) {
          sessions.set(sid, session)
          right.set(sid, session, callback)
        },
        get: (sid: string, callback: Callback) =>
          right.get(sid, (err, record) => callback(err, record && sessions.get(sid))),
        compareAndSet(sid: string, session: Live, loaded: Live | undefined, callback?: Callback) {
          const outcome = right.compare(sid, session, loaded)
          if (outcome === true) sessions.set(sid, session)
          right.answer(callback, outcome)
        },
      }
    },
  },
  {
    fault: 'returns the same object from each get',
    rules: [
      'returns a new object from each get',
      'writes a session with compareAndSet if its record has not changed',
      'compares with the record as it was loaded, even if the object has changed',
      'lets only one of several simultaneous calls of compareAndSet write',
      'takes no touch for a change of the record',
    ],
    methods(right) {
      const parsed = new Map<string, unknown>()
      return {
        get(sid: string, callback: Callback) {
          const json = right.find(sid)?.json
          if (json === undefined) return callback()
          if (!parsed.has(json)) parsed.set(json, JSON.parse(json))
          callback(null, parsed.get(json))
        },
      }
    },
  },
  {
    fault: 'adds the access time to the session object',
    rules: ['does not change the session that is passed to set'],
    methods: (right) => ({
      set: (sid: string, session: Live, callback?: Callback) =>
        right.set(sid, Object.assign(session, { __lastAccess: 1 }), callback),
    }),
  },
  {
    fault: 'calls back twice',
    rules: ['answers get, set and destroy once'],
    methods: (right) => ({
      get: (sid: string, callback: Callback) =>
        right.get(sid, (err, record) => {
          callback(err, record)
          callback(err, record)
        }),
    }),
  },
  needingCallback('set', 'performs set and destroy without a callback'),
  needingCallback('destroy', 'performs set and destroy without a callback'),
  needingCallback('touch', 'performs touch without a callback'),
  needingCallback('clear', 'performs clear without a callback'),
]

function needingCallback(name: 'set' | 'destroy' | 'touch' | 'clear', rule: string): Break {
  return {
    fault: `requires a callback for ${name}`,
    rules: [rule],
    methods(right) {
      const parameters = right[name].length
      const method = (...args: unknown[]) => {
        const callback = args.at(-1)
        if (typeof callback !== 'function') throw new TypeError('callback is not a function')
        Reflect.apply(right[name], right, args)
      }
      return { [name]: Object.defineProperty(method, 'length', { value: parameters }) }
    },
  }
}
