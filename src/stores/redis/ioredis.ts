import { type Commands, oneServer, prefixText, type Send } from './commands'

/** A client or a cluster of ioredis. */
export interface Ioredis {
  call(...args: string[]): Promise<unknown>
  readonly options?: { keyPrefix?: unknown } | undefined
  /** Only a cluster has it. */
  nodes?(role: 'master'): Ioredis[]
}

/** Returns how the store talks to a client or a cluster of ioredis, which finds the server of a command by its keys. */
export function ioredis(client: Ioredis): Commands {
  const commands = { ...oneServer(sendTo(client)), hiddenPrefix: prefixText(client.options?.keyPrefix) }
  if (typeof client.nodes !== 'function') return commands
  return { ...commands, servers: async () => (client.nodes?.('master') ?? []).map(sendTo), isOrdered: false }
}

function sendTo(client: Ioredis): Send {
  return (args) => client.call(...args)
}
