import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** The bytes of all that is alive. */
export function liveBytes() {
  collect()
  return process.memoryUsage().heapUsed
}
