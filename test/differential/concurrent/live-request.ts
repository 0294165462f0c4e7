import { AsyncLocalStorage } from 'node:async_hooks'
import type { Res } from '../../support/app'
import { describeError, type Journal } from '../journal'
import type { StoreMethod } from '../program'
import type { MemoryConnection } from './memory-server'
import type { ConcurrentRequest, Fault } from './program'

/** The request to which the running code belongs. */
export const currentRequest = new AsyncLocalStorage<LiveRequest>()

/** A request of a program while it runs, and what was seen of it. */
export class LiveRequest {
  connection: MemoryConnection | undefined
  /** The id that the client has sent. */
  sentId: string | undefined
  /** When it began: the number of requests that began before it, and of ids that ended. */
  began = 0
  readonly calls: string[] = []
  /** The errors that the error handler got. */
  readonly errors: string[] = []
  handlerRuns = 0
  /** How many store calls have failed. */
  failures = 0
  /** How many store calls are never answered. */
  unanswered = 0
  /** How many writes of the middleware came after the client had left and before the handler called `end`. */
  writesAfterLeaving = 0
  hasLeft = false
  /** The client left before the headers were built. */
  hasLeftEarly = false
  /** The client has left at the end of the program, since it had no response. */
  hasGivenUp = false
  /** A step of the script runs, so store calls come from there. */
  isInStep = false
  /** The handler has sent the head and continues. */
  isMidway = false
  /** The handler has called `end`. */
  hasEnded = false
  /** How many writes of the middleware have no answer yet. */
  pendingWrites = 0
  /** Faults that were noticed while it ran. */
  readonly violations: string[] = []
  private res: Res | undefined
  private readonly counts = new Map<StoreMethod, number>()

  constructor(
    readonly index: number,
    readonly plan: ConcurrentRequest,
    /** The results of the steps. */
    readonly journal: Journal,
    private readonly resave: boolean | undefined,
  ) {}

  noteResponse(res: Res): void {
    this.res = res
  }

  /** Ends the response. */
  end(send: () => void): void {
    this.hasEnded = true
    send()
  }

  noteCall(method: StoreMethod): void {
    const isWrite = method === 'set' || method === 'touch'
    if (isWrite && this.hasLeft && !this.isInStep && !this.hasEnded) this.writesAfterLeaving++
  }

  /** Called when the client receives the first byte. */
  noteFirstByte(): void {
    // A session that did not change is saved again because of `resave`, and its response need not wait.
    if (this.pendingWrites > 0 && this.resave === false)
      this.violations.push('the response is sent before the session is saved')
  }

  /** The client disconnects. */
  leave(): void {
    this.hasLeft = true
    this.hasLeftEarly = !this.isHeadBuilt
    currentRequest.run(this, () => this.connection?.leave())
  }

  /** Asks Node, since programs define a `headersSent` of their own. */
  get isHeadBuilt(): boolean {
    return Boolean((this.res as { _header?: unknown } | undefined)?._header)
  }

  /** The client waits for a response. */
  get isWaiting(): boolean {
    return (
      this.connection !== undefined && !this.hasLeft && !this.connection.isClosed && !this.connection.response
    )
  }

  noteError(error: unknown): void {
    this.errors.push(describeError(error))
  }

  /** Returns the fault of the next call of this method. */
  takeFault(method: StoreMethod): Fault | undefined {
    const count = (this.counts.get(method) ?? 0) + 1
    this.counts.set(method, count)
    return this.plan.faults.find((fault) => fault.method === method && (fault.which === 'all' || count === 1))
  }
}
