import { show } from '../../diagnostics/show'
import { holdersOf } from '../../store-guard/abilities'
import { asKeyed } from '../../store-guard/keyed-store'
import type { StoreLike } from '../../types'

/** What `conditional` needs of connect-pg-simple. */
export interface PostgresStore extends StoreLike {
  /** Calls back with the first row. */
  query(
    sql: string,
    values: unknown[],
    callback: (err: unknown, row?: Record<string, unknown>) => void,
  ): unknown
  /** Returns the name of the table, with its schema, as SQL. */
  quotedTable(): string
  /** The lifetime of sessions without an expiry, in seconds. */
  ttl?: number | undefined
}

/** Throws a TypeError for a store that is not one of connect-pg-simple, with the remedy. */
export function checkPostgresStore(store: unknown): PostgresStore {
  const methods = (store ?? {}) as PostgresStore
  if (asKeyed(methods))
    throw new TypeError(
      'conditional() must be inside hashIds, not around it: write hashIds(conditional(store))',
    )
  const { query, quotedTable } = methods
  if (typeof store === 'function' || typeof query !== 'function' || typeof quotedTable !== 'function')
    throw new TypeError(
      `conditional() needs a store of connect-pg-simple, not ${typeof store === 'function' ? 'its class: make one with `new`' : show(store)}`,
    )
  if (typeof methods.compareAndSet === 'function')
    throw new TypeError('conditional() was called with a store that has compareAndSet already: call it once')
  const [base] = holdersOf(methods, 'quotedTable')
  for (const name of ['get', 'set'] as const) {
    if (methods[name] !== base?.[name])
      throw new TypeError(
        `conditional() reads and writes the table itself, so it would not call the ${name}() of this store, which replaces the one of connect-pg-simple: give it a store without one`,
      )
  }
  return methods
}

/** Resolves to the first row. */
export function query(
  store: PostgresStore,
  sql: string,
  values: unknown[],
): Promise<Record<string, unknown> | undefined> {
  return new Promise((resolve, reject) => {
    store.query(sql, values, (err, row) => (err ? reject(err) : resolve(row)))
  })
}

/** The clock of connect-pg-simple, in seconds since the epoch. */
export function seconds(ms = Date.now()): number {
  return Math.ceil(ms / 1000)
}
