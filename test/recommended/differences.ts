/** Tests by file, each by its title or a part of it, and why they differ. */
export type Differences = readonly {
  readonly why: string
  readonly tests: Record<string, readonly string[]>
}[]

/** The tests that fail with the recommended settings, and are meant to: what docs/lifetimes.md says in one table. */
export const differences: Differences = [
  {
    why: 'saveMode: a changed record of a store without compareAndSet is read again before it is written',
    tests: {
      'cookie-reading': ['load the first session that is in the store'],
      resave: [
        'false writes a session that changed',
        'writes a nested change',
        'writes when a key was deleted',
      ],
      store: ['is read once and written once in a request'],
    },
  },
  {
    why: 'absoluteTimeout, refreshCookie: a record without a start and without the configured attributes gets them in its first request, which saves it',
    tests: {
      middleware: ['does not write again data that was saved after a reload'],
      reload: ['causes no write when the reloaded session does not change'],
      resave: ['false touches it', 'key is set to its old value', 'does not write a saved session again'],
      save: ['may be called twice'],
      store: [
        'is only touched when nothing changed',
        'is not written when nothing changed and it has no touch',
      ],
      touch: [
        'touch does not write to the store by itself',
        'resetMaxAge does not write to the store by itself',
      ],
      unset: ['destroy does not remove a session that was not unset'],
    },
  },
  {
    why: 'idleTimeout, absoluteTimeout, refreshCookie: the cookie in the record has expires, startedAt, lastWrite and configured',
    tests: {
      'cookie-attributes': ['is stored in the record'],
      'cookie-max-age': ['sets the expiry of the cookie and of the record', 'can be set to null'],
      'memory-store-sessions': ['can be listed, searched by id and read'],
      regenerate: ['gives the client an empty session under a new id'],
      'session-cookie': ['has the JSON of its data', 'is stored the same by both implementations'],
      'wrapped-methods': ['cannot change the stored record'],
    },
  },
  {
    why: 'idleTimeout, absoluteTimeout: the cookie of a loaded session has its whole lifetime, as Set-Cookie would give it',
    tests: { 'cookie-max-age': ['gives the remaining time when it is read'] },
  },
  {
    why: 'touchAfter: a session is not touched at each request',
    tests: {
      save: ['saves a new session under the id of its cookie'],
      'wrapped-methods': ['is called through'],
    },
  },
  {
    why: 'clearCookie: the response of a logout deletes the cookie',
    tests: {
      destroy: ['removes the record and req.session'],
      rolling: ['sends no cookie after destroy'],
      unset: [
        'destroy removes the record when req.session',
        'when the handler then reads req.sessionID: destroy',
      ],
    },
  },
  {
    why: 'refreshCookie: a cookie gets the attributes of the options',
    tests: {
      'cookie-function': ['does not change the cookie of a loaded session'],
      regenerate: ['takes the new cookie from the options, not from the old record'],
      'session-cookie': ['is a Cookie with the attributes of the record for a loaded session'],
      'wrapped-methods': ['may change the session'],
    },
  },
  {
    why: 'failOnSaveError: a failed save reaches the client as an error',
    tests: {
      'overridden-methods': ['which may fail without saving', 'and the client still gets the response'],
      store: ['from set does not change the response'],
      unset: ['destroy passes the store’s error to the error handler'],
    },
  },
]

/** Tests that are not run. */
export const untested: Differences = [
  {
    why: 'saveMode: with a store that answers in the same tick, the callback of save() is called later, so that what it throws is uncaught, as with any other store',
    tests: { 'handler-errors': ["with 'this package' throws in the handler that called save"] },
  },
  {
    why: 'idleTimeout, absoluteTimeout: the lifetime starts again, or is computed from the end, which shows only if a millisecond has passed',
    tests: {
      reload: ['keeps the expiry of the record'],
      save: ['passes the store an extensible session with a Cookie object'],
    },
  },
]
