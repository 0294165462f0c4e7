import assert from 'node:assert/strict'
import type { CookieOptions } from '../cookie/cookie'
import { generateId } from '../session/generate-id'
import { ask, passMissing } from './ask'
import { Clock, type ClockOptions } from './clock'
import { type LiveSession, liveSession } from './live-session'

type Method = (...args: never[]) => unknown

/** Any session store, with callbacks, promises or plain return values. */
export interface TestedStore {
  get: Method
  set: Method
  destroy: Method
  touch?: Method | undefined
  all?: Method | undefined
  length?: Method | undefined
  clear?: Method | undefined
  compareAndSet?: Method | undefined
  /** Returns the key of an id, if the store's keys are not the ids. */
  keyOf?: ((sid: string) => string) | undefined
}

export interface TrialOptions extends ClockOptions {
  /** How long the store may take to answer a call, in milliseconds. Default: 2000. */
  timeout?: number | undefined
}

/** A record that a store returned, after conversion to JSON and back. */
export interface StoredRecord {
  [key: string]: unknown
  cookie?: Record<string, unknown>
}

/** The store on which one rule is checked, with helpers for the rule. */
export class Trial {
  readonly clock: Clock
  readonly timeout: number

  constructor(
    readonly store: TestedStore,
    options: TrialOptions,
  ) {
    this.clock = new Clock(options)
    this.timeout = options.timeout ?? 2000
  }

  /** Calls the store's method and resolves to its answer. */
  ask(name: keyof TestedStore, ...args: unknown[]): Promise<unknown> {
    return ask(this.store, name, args, this.timeout)
  }

  /** Stores a session with this id and data. */
  async set(sid: string, data: object, cookie?: CookieOptions): Promise<LiveSession> {
    const session = liveSession(sid, data, cookie)
    await this.ask('set', sid, session)
    return session
  }

  /** Stores a session with a new id. */
  async add(data: object, cookie?: CookieOptions): Promise<LiveSession> {
    return this.set(generateId(), data, cookie)
  }

  /** Returns the stored record; undefined if there is none, or if the store answers with the error ENOENT. */
  async find(sid: string): Promise<StoredRecord | undefined> {
    return toJson(await this.ask('get', sid).catch(passMissing))
  }

  async has(sid: string): Promise<boolean> {
    return (await this.find(sid)) !== undefined
  }

  /** Asserts that the record is stored with this data; a store may add other keys. */
  async expectData(sid: string, data: object): Promise<void> {
    const record = await this.find(sid)
    assert.ok(record, `there is no record with the id ${JSON.stringify(sid)}`)
    assert.deepEqual(pick(record, Object.keys(data)), data)
  }

  async expectNone(sid: string): Promise<void> {
    const record = await this.find(sid)
    assert.equal(record, undefined, `there is a record with the id ${JSON.stringify(sid)}`)
  }
}

function toJson(value: unknown): StoredRecord | undefined {
  if (!value) return undefined
  assert.equal(typeof value, 'object', 'a record must be an object')
  return JSON.parse(JSON.stringify(value))
}

function pick(record: StoredRecord, keys: string[]): object {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(record, key)).map((key) => [key, record[key]]))
}
