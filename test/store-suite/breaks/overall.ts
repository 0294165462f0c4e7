import type { Break, Callback, Live } from './break'

/** Faults in `all`, `length` and `clear`. */
export const ofOverall: Break[] = [
  {
    fault: 'lists all records but the first',
    rules: ['lists all records in an array, or in an object by id'],
    methods: (right) => ({
      all: (callback: Callback) => right.all((err, records) => callback(err, records.slice(1))),
    }),
  },
  {
    fault: 'lists records in an object with numbers as keys',
    rules: ['lists all records in an array, or in an object by id'],
    methods: (right) => ({
      all: (callback: Callback) => right.all((err, records) => callback(err, { ...records })),
    }),
  },
  {
    fault: 'lists records as JSON strings',
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
    fault: 'answers all with an error when it is empty',
    rules: ['lists no records when it is empty'],
    methods: (right) => ({
      all: (callback: Callback) =>
        right.entries.size > 0 ? right.all(callback) : callback(new Error('empty')),
    }),
  },
  {
    fault: 'counts writes instead of records',
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
    fault: 'answers length with a string',
    rules: ['counts its records'],
    methods: (right) => ({ length: (callback: Callback) => callback(null, String(right.entries.size)) }),
  },
  {
    fault: 'clears only one record',
    rules: ['clears all records'],
    methods: (right) => ({
      clear(callback?: Callback) {
        const [first] = right.entries.keys()
        right.destroy(first ?? '', callback)
      },
    }),
  },
  {
    fault: 'answers clear with an error when it is empty',
    rules: ['clears an empty store without an error'],
    methods: (right) => ({
      clear(callback?: Callback) {
        if (right.entries.size > 0) right.clear(callback)
        else callback?.(new Error('wrong number of arguments'))
      },
    }),
  },
]
