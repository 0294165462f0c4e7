import { type Break, type Callback, keeping, keying, type Live, refusing } from './break'

/** What can be wrong with what a record holds, and under which id. */
export const ofRecords: Break[] = [
  keeping('rounds numbers', 'gives back what was set', (json) => json.replace('-1.5', '-1')),
  {
    fault: 'answers an unknown id with an error',
    rules: [
      'answers an unknown id with nothing, or with ENOENT',
      'forgets a destroyed record and no other',
      'takes no property of an object for a record',
      'answers get, set and destroy once',
      'sets and destroys without a callback',
      'takes clear without a callback',
      'makes neither an error nor a record of touching what is not there',
      'serves a record until it expires and no longer',
      'does not serve what had expired when it was set',
      'clears all records',
      'makes no record of updating what is not there',
    ],
    methods: (right) => ({
      get(sid: string, callback: Callback) {
        if (right.find(sid)) right.get(sid, callback)
        else callback(new Error('not found'))
      },
    }),
  },
  {
    fault: 'merges a record with the former one',
    rules: ['replaces the whole record when an id is set again'],
    methods: (right) => ({
      set(sid: string, session: Live, callback?: Callback) {
        const former = right.entries.get(sid)?.json ?? '{}'
        right.set(sid, { ...JSON.parse(former), ...session }, callback)
      },
    }),
  },
  {
    fault: 'destroys nothing',
    rules: ['forgets a destroyed record and no other', 'sets and destroys without a callback'],
    methods: () => ({ destroy: (_sid: string, callback?: Callback) => callback?.() }),
  },
  {
    fault: 'destroys everything',
    rules: ['forgets a destroyed record and no other'],
    methods: (right) => ({ destroy: (_sid: string, callback?: Callback) => right.clear(callback) }),
  },
  {
    fault: 'makes an error of destroying twice',
    rules: ['makes no error of destroying what is not there'],
    methods: (right) => ({
      destroy(sid: string, callback?: Callback) {
        if (right.find(sid)) right.destroy(sid, callback)
        else callback?.(new Error('not found'))
      },
    }),
  },
  keeping("drops a cookie's attribute", 'keeps the lifetime and the attributes of the cookie', (json) =>
    json.replace('"sameSite":"lax"', '"sameSite":null'),
  ),
  keeping(
    'keeps what is left of the lifetime as the whole',
    'keeps the lifetime and the attributes of the cookie',
    (json) => json.replace('"originalMaxAge":3600000', '"originalMaxAge":3599999'),
  ),
  keeping('gives every cookie an expiry', 'keeps a session whose cookie has no expiry', (json) =>
    json.replace('"expires":null', '"expires":"2100-01-01T00:00:00.000Z"'),
  ),
  keeping('keeps one byte of each character', 'keeps text of any script', (json) =>
    Buffer.from(json, 'latin1').toString('latin1'),
  ),
  refusing('refuses keys with dots', 'keeps keys of any name', (json) => json.includes('a.b')),
  refusing('refuses more than 64 kB', 'keeps a record of 100 kB', (json) => json.length > 65_536),
  {
    fault: 'has room for one write at a time',
    rules: ['keeps records apart that are set at the same time'],
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
    fault: 'mixes what is written at the same time',
    rules: ['keeps one whole record of those set for one id at the same time'],
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
  keying('looks at no case of ids', 'keeps ids apart that differ only in case', (sid) => sid.toLowerCase()),
  {
    fault: 'looks ids up in a plain object',
    rules: ['takes no property of an object for a record'],
    methods: (right) => ({
      get(sid: string, callback: Callback) {
        if (sid in {}) callback(null, Reflect.get({}, sid))
        else right.get(sid, callback)
      },
    }),
  },
  refusing('puts ids into SQL as they are', 'keeps ids with quotes and other signs', (_json, sid) =>
    sid.includes("'"),
  ),
  keying('takes ids for paths', 'keeps ids with slashes', (sid) => sid.replace('a/../', '')),
  keying('keeps ids in ASCII', 'keeps ids of any script', (sid) => sid.replace(/[^\x20-\x7e]/g, '?')),
  keying('cuts ids after 64 characters', 'keeps ids of 128 characters', (sid) => sid.slice(0, 64)),
]
