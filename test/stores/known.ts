const LATE_JSON = 'it serializes the session when its table is ready, not when set() is called'

/** The first words of the reason for a rule that cannot be tested: its result would vary, or it ends the process. */
export const UNTESTED = 'not tested, because'

/** The rules that published stores are known to break: by the store's name in the table of stores, then by rule. */
export const known: Record<string, Record<string, string>> = {
  'connect-mongo 6': {
    'touches an unknown id without an error and creates no record':
      'touch() of a missing record is the error "Unable to find the session to touch"',
  },
  'connect-pg-simple 10': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'conditional(connect-pg-simple 10)': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'hashIds(connect-pg-simple 10)': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'hashIds(conditional(connect-pg-simple 10))': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'connect-session-knex 5 (pg)': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'connect-session-knex 5 (SQLite)': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'connect-session-sequelize 7 (pg)': {
    'accepts ids of 128 characters': 'its column is 36 characters wide',
    'serves a record until it expires and no longer': 'get() serves expired records until the sweep',
    'does not serve a record that was already expired when it was set':
      'get() serves expired records until the sweep',
  },
  'session-file-store 1': {
    'accepts ids with slashes': 'it uses ids as file names',
    'performs clear without a callback': `${UNTESTED} clear() crashes the process`,
    'clears all records': `${UNTESTED} clear() sometimes calls back before all files are removed`,
    'does not change the session that is passed to set': 'set() adds __lastAccess to the session',
    'touches an unknown id without an error and creates no record':
      'touch() of a missing record is the error ENOENT',
  },
  'express-mysql-session 3 (MariaDB)': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'better-sqlite3-session-store 0.1': {
    'lists all records in an array, or in an object by id':
      'all() answers with the rows of its table, in which the record is a string',
  },
  'connect-memcached 3': {
    'accepts ids with quotes, spaces and punctuation': 'keys of memcached cannot contain spaces',
    'does not change the data on touch': 'touch() is a set',
    'touches an unknown id without an error and creates no record': 'touch() is a set',
    'counts its records': "length() answers with the server's statistics",
  },
}
