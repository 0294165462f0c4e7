/** Sends a command and resolves to its reply. */
export type Send = (args: string[]) => Promise<unknown>

/** A Redis client, or a cluster of them, as the store uses it. */
export interface Commands {
  /** Sends a command to the server that has this key. */
  send(key: string, args: string[]): Promise<unknown>
  /** Resolves to the servers that together have all keys. */
  servers(): Promise<Send[]>
  /** Commands that are sent in one tick are executed in this order, whatever their keys are. */
  readonly isOrdered: boolean
  /** The client's own prefix of keys, which it does not add to plain commands. */
  readonly missingPrefix: string
  /** The client's own prefix of keys, which it adds to keys but not to patterns. */
  readonly hiddenPrefix: string
  /** The event after which the client can send commands again. */
  readonly up: string
  /** The events after which it cannot. */
  readonly down: readonly string[]
}

/** Returns how the store talks to a client of one server. */
export function oneServer(send: Send): Commands {
  return {
    send: (_key, args) => send(args),
    servers: async () => [send],
    isOrdered: true,
    missingPrefix: '',
    hiddenPrefix: '',
    up: 'ready',
    down: ['close', 'end', 'reconnecting'],
  }
}

/** Returns a client's option `keyPrefix` as text. */
export function prefixText(prefix: unknown): string {
  return prefix === undefined || prefix === null ? '' : String(prefix)
}
