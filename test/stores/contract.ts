import type { SessionModule } from '../support/implementations'

export type Ability = 'touch' | 'all' | 'length' | 'clear'

// biome-ignore lint/suspicious/noExplicitAny: the answers differ from store to store
export type Done = (err?: any, value?: any) => void

/** The methods, with callbacks, that all stores of the table have. */
export interface AnyStore {
  get(sid: string, done: Done): unknown
  set(sid: string, session: object, done: Done): unknown
  destroy(sid: string, done: Done): unknown
  touch?(sid: string, session: object, done: Done): unknown
  all?(done: Done): unknown
  length?(done: Done): unknown
  clear?(done: Done): unknown
}

export interface OpenStore {
  store: AnyStore
  /** Reads from the backend when it will remove the record, in milliseconds since the epoch. */
  expiryOf(sid: string): Promise<number | undefined>
  /** Removes the records of this run and disconnects. */
  close(): Promise<void>
}

/** A server on which stores are tested. */
export interface Server {
  /** Resolves to access to the server, or rejects with a MissingServer. */
  lease(): Promise<Lease>
  /** Resolves to a server that a test can stop and start, or rejects with a MissingServer. */
  interruptible(): Promise<InterruptibleServer>
}

export interface Lease {
  url: URL
  /** Its description in the test output. */
  description: string
  close(): Promise<void>
}

export interface InterruptibleServer {
  url: URL
  /** Makes it accept requests without answering. */
  freeze(): Promise<void>
  stop(): Promise<void>
  /** Makes it answer again after `freeze` or `stop`. */
  start(): Promise<void>
  close(): Promise<void>
}

/** A fault of the store itself, which it has with any session middleware. */
export interface Fault {
  reason: string
  /** Matches the error with which the scenario fails. */
  error: RegExp
}

/** One store: a line of the table. */
export interface StoreKind {
  name: string
  abilities: Ability[]
  /** Known faults, by the column of the scenario. */
  faults?: Record<string, Fault>
  server?: Server
  /** In milliseconds: how far the expiry in the backend may be from the one that was asked for. Default: 2,000. */
  rounding?: number
  /** It has `compareAndSet`. */
  compares?: boolean
  /** It emits 'disconnect' and 'connect', so that a request during an outage has no session and no error. */
  tellsOutage?: boolean
  /** It has its Store class from this package whatever the application uses. */
  isOwn?: boolean
  /** An older version of a client that another kind has: its HTTP scenarios run only with EVERY_CLIENT=1, to save time. */
  isOlderClient?: boolean
  /** False for a store that does not extend the Store class. */
  extendsStore?: boolean
  open(base: SessionModule, url: URL): Promise<OpenStore>
}

/** The error for a store that cannot be tested, because its server is missing. */
export class MissingServer extends Error {}
