const LATE_JSON = 'it turns the session into JSON when its table is ready, not when set() is called'

/** How the reason begins where a test would tell nothing, or end the run. */
export const UNTRIED = 'not tried, since'

/** What is a store's own fault, whoever calls it: by its name in the table of stores, rule by rule. */
export const known: Record<string, Record<string, string>> = {
  'connect-mongo 6': {
    'makes neither an error nor a record of touching what is not there':
      'touch() of a missing record is the error "Unable to find the session to touch"',
  },
  'connect-pg-simple 10': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'connect-session-knex 5 (pg)': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'connect-session-knex 5 (SQLite)': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'connect-session-sequelize 7 (pg)': {
    'keeps ids of 128 characters': 'its column is 36 characters wide',
    'serves a record until it expires and no longer': 'get() serves expired records until the sweep',
    'does not serve what had expired when it was set': 'get() serves expired records until the sweep',
  },
  'session-file-store 1': {
    'keeps ids with slashes': 'ids are the names of its files',
    'takes clear without a callback': `${UNTRIED} clear() crashes the process`,
    'clears all records': `${UNTRIED} now and then clear() calls back while files are left`,
    'does not change the session that it is given': 'set() adds __lastAccess to the session',
    'makes neither an error nor a record of touching what is not there':
      'touch() of a missing record is the error ENOENT',
  },
  'express-mysql-session 3 (MariaDB)': {
    'stores the session as it is when set is called': LATE_JSON,
  },
  'better-sqlite3-session-store 0.1': {
    'lists all records in an array, or in an object by id':
      "all() gives its table's rows, with the record as text",
  },
  'connect-memcached 3': {
    'keeps ids with quotes and other signs': 'keys of memcached have no blanks',
    'leaves the data alone when it touches': 'touch() is a set',
    'makes neither an error nor a record of touching what is not there': 'touch() is a set',
    'counts its records': "length() gives the server's statistics",
  },
}
