import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Server } from '../contract'
import { startPrivateRedis } from './private-redis'
import { shared } from './shared'

/** A valkey-server of the test's own, where it is installed. */
export const valkey: Server = {
  lease: shared(async () => {
    const { url, close } = await startPrivateRedis('valkey-server')
    return { url, description: `a valkey-server on port ${url.port}`, close }
  }),
  interruptible: () => startPrivateRedis('valkey-server'),
}

/** Whether the server is installed. Debian 12 has no package of it. */
export const hasValkey = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'valkey-server')))

if (!hasValkey) console.warn('SKIPPED: the tests on Valkey: valkey-server is not installed')
