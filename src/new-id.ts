import { isThenable } from './call-method'
import type { Settings } from './options'
import type { SessionRequest } from './request'
import type { Done } from './types'

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
