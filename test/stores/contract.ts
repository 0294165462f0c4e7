import type { SessionModule } from '../support/implementations'

export type Ability = 'touch' | 'all' | 'length' | 'clear'

// biome-ignore lint/suspicious/noExplicitAny: what a store answers differs from store to store
export type Done = (err?: any, value?: any) => void

/** What every store of the table has in common: callbacks, whatever else it does. */
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
  /** When the backend will drop the record, in milliseconds, as the backend itself tells it. */
  expiryOf(sid: string): Promise<number | undefined>
  /** Drops what this run made and disconnects. */
  close(): Promise<void>
}

/** A server that a store is tried on. */
export interface Server {
  /** Borrows the server, or rejects with a MissingServer. */
  lease(): Promise<Lease>
  /** The same with a switch. */
  interruptible(): Promise<InterruptibleServer>
}

export interface Lease {
  url: URL
  /** What the output says of it. */
  description: string
  close(): Promise<void>
}

export interface InterruptibleServer {
  url: URL
  /** Accepts requests and answers none. */
  freeze(): Promise<void>
  stop(): Promise<void>
  /** Brings it back, whatever was done to it. */
  start(): Promise<void>
  close(): Promise<void>
}

/** What a store itself gets wrong, whoever calls it. */
export interface Fault {
  reason: string
  /** How it shows in the scenario's error. */
  error: RegExp
}

/** One line of the table. */
export interface StoreKind {
  name: string
  abilities: Ability[]
  /** By a scenario's column. */
  faults?: Record<string, Fault>
  server?: Server
  /** False for a store that extends nothing of ours. */
  extendsStore?: boolean
  open(base: SessionModule, url: URL): Promise<OpenStore>
}

/** The reason why a store cannot be tried here. */
export class MissingServer extends Error {}
