import assert from 'node:assert/strict'
import type { CookieOptions } from '../cookie/cookie'
import { generateId } from '../session/generate-id'
import { ask, passMissing } from './ask'
import { Clock, type ClockOptions } from './clock'
import { type LiveSession, liveSession } from './live-session'

type Method = (...args: never[]) => unknown

/** Any store, in whichever style it answers. */
export interface TestedStore {
  get: Method
  set: Method
  destroy: Method
  touch?: Method | undefined
  all?: Method | undefined
  length?: Method | undefined
  clear?: Method | undefined
  update?: Method | undefined
}

export interface TrialOptions extends ClockOptions {
  /** How long the store may take for an answer, in milliseconds. Default: 2000. */
  timeout?: number | undefined
}

/** What a store gave back, as JSON shows it. */
export interface StoredRecord {
  [key: string]: unknown
  cookie?: Record<string, unknown>
}

/** The store that one rule is tried on. */
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

  /** Gives the store's own answer. */
  ask(name: keyof TestedStore, ...args: unknown[]): Promise<unknown> {
    return ask(this.store, name, args, this.timeout)
  }

  /** Stores a session of this id that holds this data. */
  async set(sid: string, data: object, cookie?: CookieOptions): Promise<LiveSession> {
    const session = liveSession(sid, data, cookie)
    await this.ask('set', sid, session)
    return session
  }

  /** Stores a session of a new id. */
  async add(data: object, cookie?: CookieOptions): Promise<LiveSession> {
    return this.set(generateId(), data, cookie)
  }

  /** The stored record, or undefined where there is none: stores of files say ENOENT then. */
  async find(sid: string): Promise<StoredRecord | undefined> {
    return toJson(await this.ask('get', sid).catch(passMissing))
  }

  async has(sid: string): Promise<boolean> {
    return (await this.find(sid)) !== undefined
  }

  /** Asserts that the record is there and holds this data; stores may add keys of their own. */
  async expectData(sid: string, data: object): Promise<void> {
    const record = await this.find(sid)
    assert.ok(record, `there is no record of ${JSON.stringify(sid)}`)
    assert.deepEqual(pick(record, Object.keys(data)), data)
  }

  async expectNone(sid: string): Promise<void> {
    const record = await this.find(sid)
    assert.equal(record, undefined, `there is a record of ${JSON.stringify(sid)}`)
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
