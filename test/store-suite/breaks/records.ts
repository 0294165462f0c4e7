import { type Break, type Callback, keeping, keying, type Live, refusing } from './break'

/** Faults in the content of records and in their ids. */
export const ofRecords: Break[] = [
  keeping('rounds numbers', 'returns the stored data', (json) => json.replace('-1.5', '-1')),
  {
    fault: 'answers an unknown id with an error',
    rules: [
      'answers get of an unknown id with no record, or with the error ENOENT',
      'removes only the destroyed record',
      'treats __proto__, constructor and toString as ordinary ids',
      'answers get, set and destroy once',
      'performs set and destroy without a callback',
      'performs clear without a callback',
      'touches an unknown id without an error and creates no record',
      'serves a record until it expires and no longer',
      'does not serve a record that was already expired when it was set',
      'clears all records',
      'answers compareAndSet with false, and creates nothing, if the record is gone',
      'answers compareAndSet with false if the record has expired',
    ],
    methods: (right) => ({
      get(sid: string, callback: Callback) {
        if (right.find(sid)) right.get(sid, callback)
        else callback(new Error('not found'))
      },
    }),
  },
  {
    fault: 'merges a record with the previous one',
    rules: ['replaces the whole record when an id is set again'],
    methods: (right) => ({
      set(sid: string, session: Live, callback?: Callback) {
        const former = right.entries.get(sid)?.json ?? '{}'
        right.set(sid, { ...JSON.parse(former), ...session }, callback)
      },
    }),
  },
  {
    fault: 'does nothing on destroy',
    rules: [
      'removes only the destroyed record',
      'performs set and destroy without a callback',
      'answers compareAndSet with false, and creates nothing, if the record is gone',
    ],
    methods: () => ({ destroy: (_sid: string, callback?: Callback) => callback?.() }),
  },
  {
    fault: 'destroys all records',
    rules: ['removes only the destroyed record'],
    methods: (right) => ({ destroy: (_sid: string, callback?: Callback) => right.clear(callback) }),
  },
  {
    fault: 'answers destroy of an unknown id with an error',
    rules: ['destroys an unknown id without an error'],
    methods: (right) => ({
      destroy(sid: string, callback?: Callback) {
        if (right.find(sid)) right.destroy(sid, callback)
        else callback?.(new Error('not found'))
      },
    }),
  },
  keeping(
    "drops one of the cookie's attributes",
    'keeps the lifetime and the attributes of the cookie',
    (json) => json.replace('"sameSite":"lax"', '"sameSite":null'),
  ),
  keeping(
    'stores the remaining lifetime as originalMaxAge',
    'keeps the lifetime and the attributes of the cookie',
    (json) => json.replace('"originalMaxAge":3600000', '"originalMaxAge":3599999'),
  ),
  keeping('gives every cookie an expiry', 'adds no expiry to a cookie without one', (json) =>
    json.replace('"expires":null', '"expires":"2100-01-01T00:00:00.000Z"'),
  ),
  keeping('keeps one byte of each character', 'keeps text in any language', (json) =>
    Buffer.from(json, 'latin1').toString('latin1'),
  ),
  refusing('refuses keys with dots', 'keeps keys with any name', (json) => json.includes('a.b')),
  refusing('refuses more than 64 kB', 'keeps a record of 100 kB', (json) => json.length > 65_536),
  {
    fault: 'keeps only the last of several simultaneous writes',
    rules: ['stores records separately when they are set at the same time'],
    methods(right) {
      let last: [sid: string, session: Live]
      return {
        set(sid: string, session: Live, callback?: Callback) {
          last = [sid, JSON.parse(JSON.stringify(session))]
          setImmediate(() => right.set(...last, callback))
        },
      }
    },
  },
  {
    fault: 'mixes two simultaneous writes',
    rules: ['stores one complete record when one id is set several times at once'],
    methods(right) {
      const writing = new Map<string, unknown>()
      return {
        set(sid: string, session: Live, callback?: Callback) {
          const first = writing.get(sid)
          writing.set(sid, session.first)
          setImmediate(() => writing.delete(sid))
          right.set(sid, first ? Object.assign(session, { first }) : session, callback)
        },
      }
    },
  },
  keying('ignores the case of ids', 'distinguishes ids that differ only in case', (sid) => sid.toLowerCase()),
  {
    fault: 'looks ids up in a plain object',
    rules: ['treats __proto__, constructor and toString as ordinary ids'],
    methods: (right) => ({
      get(sid: string, callback: Callback) {
        if (sid in {}) callback(null, Reflect.get({}, sid))
        else right.get(sid, callback)
      },
    }),
  },
  refusing('does not escape ids in SQL', 'accepts ids with quotes, spaces and punctuation', (_json, sid) =>
    sid.includes("'"),
  ),
  keying('treats ids as paths', 'accepts ids with slashes', (sid) => sid.replace('a/../', '')),
  keying('replaces characters of ids that are not ASCII', 'accepts ids in any language', (sid) =>
    sid.replace(/[^\x20-\x7e]/g, '?'),
  ),
  keying('truncates ids after 64 characters', 'accepts ids of 128 characters', (sid) => sid.slice(0, 64)),
]
