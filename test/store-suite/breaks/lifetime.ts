import type { Break, Callback, Live } from './break'

/** Faults in when a record expires. */
export const ofLifetime: Break[] = [
  {
    fault: 'stores the data on touch',
    rules: ['does not change the data on touch'],
    methods: (right) => ({
      touch: (sid: string, session: Live, callback?: Callback) =>
        right.find(sid) ? right.set(sid, session, callback) : right.answer(callback),
    }),
  },
  {
    fault: 'creates a record on touch',
    rules: [
      'does not change the data on touch',
      'touches an unknown id without an error and creates no record',
    ],
    methods: (right) => ({
      touch: (sid: string, session: Live, callback?: Callback) => right.set(sid, session, callback),
    }),
  },
  {
    fault: 'answers touch of an unknown id with an error',
    rules: ['touches an unknown id without an error and creates no record'],
    methods: (right) => ({
      touch(sid: string, session: Live, callback?: Callback) {
        if (right.find(sid)) right.touch(sid, session, callback)
        else callback?.(new Error('Unable to find the session to touch'))
      },
    }),
  },
  {
    fault: 'does nothing on touch',
    rules: ['updates the expiry on touch'],
    methods: () => ({ touch: (_sid: string, _session: Live, callback?: Callback) => callback?.() }),
  },
  endingAt('still serves a record at the time of its expiry', (expires) => expires + 1),
  endingAt('removes a record too early', (expires) => expires - 2),
  endingAt('never removes a record', () => Number.POSITIVE_INFINITY, [
    'serves a record until it expires and no longer',
    'does not serve a record that was already expired when it was set',
    'answers compareAndSet with false if the record has expired',
  ]),
  {
    fault: 'keeps the first expiry',
    rules: ['updates the expiry when an id is set again'],
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
    'ignores an expiry in the past',
    (expires) => (expires < Date.now() ? Number.POSITIVE_INFINITY : expires),
    ['does not serve a record that was already expired when it was set'],
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
