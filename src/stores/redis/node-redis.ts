import { type Commands, oneServer, prefixText, type Send } from './commands'

/** A client of node-redis, or a pool of them. */
export interface NodeRedis {
  sendCommand(args: string[]): Promise<unknown>
  readonly options?: { keyPrefix?: unknown; legacyMode?: unknown } | undefined
  readonly _keyPrefix?: unknown
  /** Only a pool has it. */
  readonly totalClients?: number
}

interface Sentinel {
  sendCommand(isReadonly: boolean, args: string[]): Promise<unknown>
  getSentinelNode(): unknown
}

interface Cluster {
  sendCommand(firstKey: string, isReadonly: boolean, args: string[]): Promise<unknown>
  readonly masters: Iterable<unknown>
  nodeClient(node: unknown): NodeRedis | Promise<NodeRedis>
}

/** Returns how the store talks to a client, pool, sentinel or cluster of node-redis. */
export function nodeRedis(client: NodeRedis | Sentinel | Cluster): Commands {
  const { options, _keyPrefix } = client as NodeRedis
  if (options?.legacyMode) throw new TypeError(LEGACY)
  return { ...commandsOf(client), missingPrefix: prefixText(_keyPrefix ?? options?.keyPrefix) }
}

const LEGACY =
  "RedisStore's client option is a node-redis client in legacy mode, whose commands return no promise: remove legacyMode"

/**
 * All commands go to masters, also where the client reads from replicas: a session must be there for the request that
 * follows a login.
 */
function commandsOf(client: NodeRedis | Sentinel | Cluster): Commands {
  if ('masters' in client) return clusterCommands(client)
  if ('getSentinelNode' in client) {
    return { ...oneServer((args) => client.sendCommand(false, args)), isOrdered: false }
  }
  const isPool = client.totalClients !== undefined
  return { ...oneServer((args) => client.sendCommand(args)), isOrdered: !isPool }
}

function clusterCommands(cluster: Cluster): Commands {
  const serverOf = async (node: unknown): Promise<Send> => {
    const client = await cluster.nodeClient(node)
    return (args) => client.sendCommand(args)
  }
  return {
    ...oneServer((args) => cluster.sendCommand('', false, args)),
    send: (key, args) => cluster.sendCommand(key, false, args),
    servers: () => Promise.all(Array.from(cluster.masters, serverOf)),
    isOrdered: false,
    up: 'connect',
    down: ['disconnect'],
  }
}
