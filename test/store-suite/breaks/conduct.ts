import type { Break, Callback, Live } from './break'

/** What can be wrong with how a store treats the objects and the callbacks it is given. */
export const ofConduct: Break[] = [
  {
    fault: 'turns the session into JSON later',
    rules: ['stores the session as it is when set is called'],
    methods: (right) => ({
      set: (sid: string, session: Live, callback?: Callback) =>
        void setImmediate(() => right.set(sid, session, callback)),
    }),
  },
  {
    fault: 'keeps the live cookie',
    rules: ['leaves a stored record as it is when the session is changed later'],
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
    fault: 'keeps the live session',
    rules: [
      'stores the session as it is when set is called',
      'leaves a stored record as it is when the session is changed later',
      'gives each get an object of its own',
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
        update(sid: string, session: Live, callback?: Callback) {
          if (right.find(sid)) sessions.set(sid, session)
          right.update(sid, session, callback)
        },
      }
    },
  },
  {
    fault: 'gives the same object to each get',
    rules: ['gives each get an object of its own'],
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
    fault: 'notes the time of access in the session',
    rules: ['does not change the session that it is given'],
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
  needingCallback('set', 'sets and destroys without a callback'),
  needingCallback('destroy', 'sets and destroys without a callback'),
  needingCallback('touch', 'takes touch without a callback'),
  needingCallback('clear', 'takes clear without a callback'),
]

function needingCallback(name: 'set' | 'destroy' | 'touch' | 'clear', rule: string): Break {
  return {
    fault: `needs the callback of ${name}`,
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
