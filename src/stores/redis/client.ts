import { show } from '../../diagnostics/show'
import { type Commands, oneServer } from './commands'
import { type Ioredis, ioredis } from './ioredis'
import { type NodeRedis, nodeRedis } from './node-redis'

/** A client of `redis` (node-redis) 4, 5 or 6, or one of its pools, sentinels and clusters. */
export interface NodeRedisClient {
  sendCommand(...args: never[]): Promise<unknown>
}

/** A client or a cluster of `ioredis` 5 or 6. */
export interface IoredisClient {
  call(...args: never[]): Promise<unknown>
  defineCommand(...args: never[]): unknown
}

/** Any other client: `command('GET', key)` sends a command, and resolves to its reply or rejects with its error. */
export interface CommandClient {
  command(...args: string[]): Promise<unknown>
}

/** The clients that `RedisStore` takes. */
export type RedisStoreClient = NodeRedisClient | IoredisClient | CommandClient

/** Returns how the store talks to this client. Throws a TypeError for an object of another kind. */
export function commandsOf(client: unknown): Commands {
  if (client === undefined || client === null)
    throw new TypeError(`RedisStore needs the client option: ${REMEDY}`)
  if (has(client, 'then')) throw new TypeError(`RedisStore's client option is a promise: await it`)
  if (has(client, 'call') && has(client, 'defineCommand')) return ioredis(client as Ioredis)
  // node_redis 3 has both names. The commands of a client of old, `client.legacy()`, return nothing.
  if (has(client, 'sendCommand') && !has(client, 'send_command')) return nodeRedis(client as NodeRedis)
  if (has(client, 'command') && !has(client, 'send_command')) {
    const { command } = client as CommandClient
    // The client may have many connections.
    return { ...oneServer((args) => command.apply(client, args)), isOrdered: false }
  }
  throw new TypeError(`RedisStore's client option must be a Redis client, not ${describe(client)}: ${REMEDY}`)
}

const REMEDY =
  "pass a client of 'redis' 4 to 6 or of 'ioredis' 5 or 6, a cluster of either, or an object whose command(...args) sends a command and returns a promise"

function has(client: unknown, name: string): boolean {
  return typeof (client as Record<string, unknown>)[name] === 'function'
}

/** An object is not shown, since a client may have a password. */
function describe(client: unknown): string {
  if (typeof client !== 'object') return typeof client === 'string' ? 'a string' : show(client)
  return has(client, 'send_command') ? 'one of node_redis 3 or older' : 'an object without its methods'
}
