import type { Break, Callback, Live } from './break'

/** What can be wrong with when a record ends. */
export const ofLifetime: Break[] = [
  {
    fault: 'stores the data when it touches',
    rules: ['leaves the data alone when it touches'],
    methods: (right) => ({
      touch: (sid: string, session: Live, callback?: Callback) => right.update(sid, session, callback),
    }),
  },
  {
    fault: 'makes the record that it touches',
    rules: [
      'leaves the data alone when it touches',
      'makes neither an error nor a record of touching what is not there',
    ],
    methods: (right) => ({
      touch: (sid: string, session: Live, callback?: Callback) => right.set(sid, session, callback),
    }),
  },
  {
    fault: 'makes an error of touching what is not there',
    rules: ['makes neither an error nor a record of touching what is not there'],
    methods: (right) => ({
      touch(sid: string, session: Live, callback?: Callback) {
        if (right.find(sid)) right.touch(sid, session, callback)
        else callback?.(new Error('Unable to find the session to touch'))
      },
    }),
  },
  {
    fault: 'touches nothing',
    rules: ['moves the expiry when it touches'],
    methods: () => ({ touch: (_sid: string, _session: Live, callback?: Callback) => callback?.() }),
  },
  endingAt('serves a record in the moment it expires', (expires) => expires + 1),
  endingAt('drops a record too early', (expires) => expires - 2),
  endingAt('drops nothing', () => Number.POSITIVE_INFINITY, [
    'serves a record until it expires and no longer',
    'does not serve what had expired when it was set',
  ]),
  {
    fault: 'keeps the first expiry',
    rules: ['moves the expiry when an id is set again'],
    methods: (right) => ({
      set(sid: string, session: Live, callback?: Callback) {
        const expires = right.entries.get(sid)?.expires
        right.set(sid, session, callback)
        const entry = right.entries.get(sid)
        if (entry && expires !== undefined) entry.expires = expires
      },
    }),
  },
  endingAt(
    'takes an expiry in the past for none',
    (expires) => (expires < Date.now() ? Number.POSITIVE_INFINITY : expires),
    ['does not serve what had expired when it was set'],
  ),
]

function endingAt(
  fault: string,
  move: (expires: number) => number,
  rules = ['serves a record until it expires and no longer'],
): Break {
  return {
    fault,
    rules,
    methods: (right) => ({
      set(sid: string, session: Live, callback?: Callback) {
        right.set(sid, session, callback)
        const entry = right.entries.get(sid)
        if (entry) entry.expires = move(entry.expires)
      },
    }),
  }
}
