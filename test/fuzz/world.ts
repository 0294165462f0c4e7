import type { Store } from '../../src'
import type { SessionData } from '../../src/types'
import { ours } from '../support/implementations'
import { Random } from '../support/random'
import type { Fault, Program } from './program'

// biome-ignore lint/suspicious/noExplicitAny: a store returns any JSON
type Done = (err?: any, value?: any) => void

/** The records that the processes of a program share, and a store object for each process. */
export class World {
  readonly records = new Map<string, string>()
  /** The ids that ever had a record. */
  readonly stored = new Set<string>()
  /** The ids that were destroyed by a request. */
  readonly ended = new Set<string>()
  readonly stores: Store[]
  private readonly random: Random
  private readonly texts = new WeakMap<object, string>()
  private calls = 0
  /** No faults before the first request. */
  isCalm = true

  constructor(private readonly program: Program) {
    this.random = new Random(program.seed ^ 0x5eed)
    this.stores = program.store === 'memory' ? Array(2).fill(this.openMemory()) : [this.open(), this.open()]
  }

  put(sid: string, json: string): void {
    this.stored.add(sid)
    if (this.program.store === 'memory') (this.stores[0] as unknown as Memory).sessions[sid] = json
    else this.records.set(sid, json)
  }

  read(sid: string): string | undefined {
    if (this.program.store === 'memory') return (this.stores[0] as unknown as Memory).sessions[sid]
    return this.records.get(sid)
  }

  private openMemory(): Store {
    return new ours.MemoryStore() as never
  }

  private open(): Store {
    const store = new (ours.Store as unknown as new () => Store)()
    const methods = {
      get: (sid: string, done: Done) => this.call(done, () => this.give(sid)),
      set: (sid: string, session: SessionData, done: Done) => {
        const json = JSON.stringify(session)
        return this.call(done, () => this.put(sid, json))
      },
      destroy: (sid: string, done: Done) => this.call(done, () => void this.records.delete(sid)),
      touch: (_sid: string, _session: SessionData, done: Done) => this.call(done, () => undefined),
    }
    Object.assign(store, methods)
    if (this.program.store === 'compare') {
      Object.assign(store, {
        compareAndSet: (sid: string, session: SessionData, loaded: SessionData | undefined, done: Done) => {
          const json = JSON.stringify(session)
          return this.call(done, () => this.compare(sid, session, json, loaded))
        },
      })
    }
    return store
  }

  private give(sid: string): SessionData | undefined {
    const json = this.records.get(sid)
    if (json === undefined) return undefined
    const record = JSON.parse(json)
    if (typeof record === 'object' && record) this.texts.set(record, json)
    return record
  }

  private compare(sid: string, session: SessionData, json: string, loaded: SessionData | undefined) {
    const now = this.records.get(sid)
    const isSame = loaded ? now !== undefined && now === this.texts.get(loaded) : now === undefined
    if (!isSame) return now === undefined ? false : this.give(sid)
    this.put(sid, json)
    this.texts.set(session, json)
    return true
  }

  /** Answers after some turns of the event loop, or as the fault of this call tells. */
  private call(done: Done, work: () => unknown): unknown {
    const fault = this.isCalm ? undefined : this.program.faults.find(({ call }) => call === this.calls)
    if (!this.isCalm) this.calls++
    const turns = this.random.below(4) + (fault?.kind === 'late' ? 40 : 0)
    // The effect and the answer take time of their own, so that other calls can come between them.
    afterTurns(turns, () => {
      if (fault?.kind === 'error') return done(new Error('fault'))
      if (fault?.kind === 'throw' || fault?.kind === 'reject') return
      const value = work()
      if (fault?.kind === 'never') return
      afterTurns(this.random.below(3), () => done(null, value))
      if (fault?.kind === 'twice') afterTurns(3, () => done(null, value))
    })
    if (fault?.kind === 'throw') throw new Error('fault')
    return fault?.kind === 'reject' ? Promise.reject(new Error('fault')) : undefined
  }
}

interface Memory {
  sessions: Record<string, string>
}

export function afterTurns(turns: number, work: () => void): void {
  if (turns <= 0) work()
  else setImmediate(() => afterTurns(turns - 1, work))
}

/** Whether a fault keeps an answer away for good. */
export function hangs(faults: readonly Fault[]): boolean {
  return faults.some(({ kind }) => kind === 'never')
}
