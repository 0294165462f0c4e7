import type { Server } from '../contract'
import { reach } from './reach'
import { startProxy } from './tcp-proxy'

export { memcached } from './memcached'
export { mongo } from './mongo'
export { redis } from './redis'

export const postgres = behindProxy('PG_URL', 'postgres://postgres@127.0.0.1:5432/postgres')
export const mysql = behindProxy('MYSQL_URL', 'mysql://root@127.0.0.1:3306/test')

function behindProxy(variable: string, usual: string): Server {
  const lease = () => reach(variable, usual)
  return { lease, interruptible: async () => startProxy(await lease()) }
}
