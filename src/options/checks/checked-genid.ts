import type { IncomingRequest } from '../../cookie/incoming-request'
import type { Reporter } from '../../diagnostics/reporter'
import { reportGenid } from '../../diagnostics/texts'
import { isThenable } from '../../store-guard/call-method'

type Genid = (req: IncomingRequest) => unknown

/** Returns the application's `genid`, and reports an id that is no string. */
export function checkedGenid(genid: Genid, reporter: Reporter | undefined): Genid {
  if (!reporter) return genid
  const check = (id: unknown) => {
    if (typeof id !== 'string' || id === '') reportGenid(reporter, id)
  }
  return (req) => {
    const id = genid(req)
    if (isThenable(id)) id.then(check, () => {})
    else check(id)
    return id
  }
}
