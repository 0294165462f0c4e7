import type { Settings } from '../options/resolve-options'
import { isThenable } from '../store-guard/call-method'
import type { Done } from '../types'
import type { SessionRequest } from './attach'

/** Makes the id of a new session before `use` goes on: `genid` may give a promise, and `store.generate` cannot wait. */
export function withNewId(
  settings: Settings,
  req: SessionRequest,
  done: Done,
  use: (id: unknown) => void,
): void {
  let id: unknown
  try {
    id = settings.generateId(req)
  } catch (err) {
    return done(err)
  }
  if (isThenable(id)) id.then(use, (err) => done(err ?? new Error('genid rejected without an error')))
  else use(id)
}
