import type { Break, Callback, Live } from './break'

/** What can be wrong with the methods for all records at once, and with the conditional write. */
export const ofOverall: Break[] = [
  {
    fault: 'lists all but the first',
    rules: ['lists all records in an array, or in an object by id'],
    methods: (right) => ({
      all: (callback: Callback) => right.all((err, records) => callback(err, records.slice(1))),
    }),
  },
  {
    fault: 'lists records by number in an object',
    rules: ['lists all records in an array, or in an object by id'],
    methods: (right) => ({
      all: (callback: Callback) => right.all((err, records) => callback(err, { ...records })),
    }),
  },
  {
    fault: 'lists records as text',
    rules: ['lists all records in an array, or in an object by id'],
    methods: (right) => ({
      all: (callback: Callback) =>
        callback(
          null,
          [...right.entries.values()].map((entry) => entry.json),
        ),
    }),
  },
  {
    fault: 'makes an error of an empty list',
    rules: ['lists nothing where there is nothing'],
    methods: (right) => ({
      all: (callback: Callback) =>
        right.entries.size > 0 ? right.all(callback) : callback(new Error('empty')),
    }),
  },
  {
    fault: 'counts writes',
    rules: ['counts its records'],
    methods(right) {
      let count = 0
      return {
        set(sid: string, session: Live, callback?: Callback) {
          count++
          right.set(sid, session, callback)
        },
        length: (callback: Callback) => callback(null, count),
      }
    },
  },
  {
    fault: 'counts in text',
    rules: ['counts its records'],
    methods: (right) => ({ length: (callback: Callback) => callback(null, String(right.entries.size)) }),
  },
  {
    fault: 'clears one record',
    rules: ['clears all records'],
    methods: (right) => ({
      clear(callback?: Callback) {
        const [first] = right.entries.keys()
        right.destroy(first ?? '', callback)
      },
    }),
  },
  {
    fault: 'makes an error of clearing nothing',
    rules: ['makes no error of clearing where there is nothing'],
    methods: (right) => ({
      clear(callback?: Callback) {
        if (right.entries.size > 0) right.clear(callback)
        else callback?.(new Error('wrong number of arguments'))
      },
    }),
  },
  {
    fault: 'updates nothing',
    rules: ['updates a record that is there'],
    methods: () => ({ update: (_sid: string, _session: Live, callback: Callback) => callback(null, false) }),
  },
  {
    fault: 'makes the record that it updates',
    rules: ['makes no record of updating what is not there'],
    methods: (right) => ({
      update: (sid: string, session: Live, callback?: Callback) => right.set(sid, session, callback),
    }),
  },
]
