/**
 * The error of a store call that has not answered within `storeTimeout`. Its message has no id, since the errors of stores
 * are logged, and sometimes shown.
 */
export class StoreTimeout extends Error {
  readonly code = 'ERR_SESSION_STORE_TIMEOUT'

  constructor(method: string, ms: number) {
    super(`the session store has not answered ${method}() within ${ms} ms`)
  }
}
