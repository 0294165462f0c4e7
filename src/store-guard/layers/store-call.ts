import { isMissing } from '../call-store'
import { StoreTimeout } from './store-timeout'

/** How a store has answered. */
export type CallOutcome =
  | 'found'
  | 'missing'
  | 'written'
  | 'gone'
  | 'conflict'
  | 'touched'
  | 'destroyed'
  | 'timeout'
  | 'error'

/** One call of a store, as `tracingChannel('sessionware:store')` and `explainSession` give it. It has no session id. */
export class StoreCall {
  /** Undefined until the store has answered. */
  outcome: CallOutcome | undefined
  /** How long the store took, in milliseconds. */
  ms = 0
  /** The store's error. */
  error: unknown
  private readonly startedAt = performance.now()
  private size: number | undefined

  /** `operation` is the store's method, `store` the name of its class. */
  constructor(
    readonly operation: string,
    readonly store: string,
    private record: unknown,
  ) {}

  /**
   * The size of the record that was read or written, in bytes of its JSON. It is computed when it is first read, so read it
   * when the call ends. Undefined for `touch`, `destroy` and a missing record.
   */
  get bytes(): number | undefined {
    if (this.record !== undefined) this.size = sizeOf(this.record)
    this.record = undefined
    return this.size
  }

  /** Called with the store's answer. */
  finish(err: unknown, value: unknown): void {
    this.ms = performance.now() - this.startedAt
    if (err && !isMissing(err)) this.error = err
    this.outcome = outcomeOf(this.operation, err, value)
    const isRead = this.outcome === 'found' || this.outcome === 'conflict'
    if (isRead) this.record = value
    else if (this.outcome !== 'written') this.record = undefined
  }
}

function outcomeOf(operation: string, err: unknown, value: unknown): CallOutcome {
  if (err instanceof StoreTimeout) return 'timeout'
  if (isMissing(err)) return 'missing'
  if (err) return 'error'
  switch (operation) {
    case 'get':
      return value && !(value as RecordText).isExpired ? 'found' : 'missing'
    case 'compareAndSet':
      return typeof value === 'object' ? 'conflict' : value ? 'written' : 'gone'
    case 'touch':
      return 'touched'
    case 'set':
      return 'written'
    default:
      return 'destroyed'
  }
}

/** The record of a store in this process is already text. */
export interface RecordText {
  readonly snapshot: string
  readonly cookie: unknown
  readonly isExpired?: boolean
}

function sizeOf(record: unknown): number | undefined {
  try {
    if (!isText(record)) return Buffer.byteLength(JSON.stringify(record))
    const { snapshot, cookie } = record
    const comma = snapshot === '{}' ? 0 : 1
    return (
      Buffer.byteLength(snapshot) + comma + '"cookie":'.length + Buffer.byteLength(JSON.stringify(cookie))
    )
  } catch {
    return undefined
  }
}

function isText(record: unknown): record is RecordText {
  return typeof (record as Partial<RecordText>).snapshot === 'string' && 'cookie' in (record as object)
}
