import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Returns the bytes of heap in use after a garbage collection. */
export function liveBytes() {
  collect()
  return process.memoryUsage().heapUsed
}
