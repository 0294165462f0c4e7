import type { Session } from '../../../src'
import type { StoreMethod } from '../program'
import { clock } from './clock'
import { currentRequest, type LiveRequest } from './live-request'
import type { ConcurrentRequest, ConcurrentStore } from './program'
import type { Scheduler } from './scheduler'

// biome-ignore lint/suspicious/noExplicitAny: a store returns any JSON
export type Answer = (err?: any, record?: any) => void

export interface StoreMethods {
  get(sid: string, done: Answer): void
  set(sid: string, session: Session, done?: Answer): void
  destroy(sid: string, done?: Answer): void
  touch?(sid: string, session: Session, done?: Answer): void
}

/** The records that all processes share, and what was done to them. */
export interface SharedRecords {
  records: Map<string, string>
  /** Ids that have or had a record. */
  known: Set<string>
  effects: Effect[]
  /** The ids that each process has ended, as far as `documentStore` was told. */
  ended: Record<ConcurrentRequest['process'], Set<string>>
}

export interface Effect {
  process: ConcurrentRequest['process']
  request: LiveRequest
  method: 'set' | 'destroy'
  sid: string
  /** When, on the same clock as the beginning of requests. */
  at: number
}

/** Creates the methods of a store whose calls are answered when the schedule says so. */
export function createScheduledMethods(
  { touches, applies }: ConcurrentStore,
  process: ConcurrentRequest['process'],
  { records, known, effects }: SharedRecords,
  scheduler: Scheduler,
): StoreMethods {
  function call(
    method: StoreMethod,
    sid: string,
    text: string,
    work: () => unknown,
    done: Answer = () => {},
  ) {
    const request = currentRequest.getStore()
    if (!request) throw new Error(`${method} is called outside of a request`)
    request.calls.push(`${method} ${request.journal.name(sid)}${text}`)
    request.noteCall(method)
    const how = request.takeFault(method)?.how
    if (how === 'error' || how === 'throw') request.failures++
    if (how === 'throw') throw new Error(`${method} failed`)
    if (how === 'never answers') return ignore(request, scheduler)
    const isEarly = applies === 'at the call' && how !== 'error'
    const early = isEarly ? work() : undefined
    const finish = countWrite(request, method)
    scheduler.addCall(request, () => {
      finish()
      if (how === 'error') return done(new Error(`${method} failed`))
      const result = isEarly ? early : work()
      done(null, result)
      if (how === 'answers twice') done(null, result)
    })
  }

  function effect(method: Effect['method'], sid: string) {
    effects.push({
      process,
      request: currentRequest.getStore() as LiveRequest,
      method,
      sid,
      at: clock.next(),
    })
  }

  const methods: StoreMethods = {
    get: (sid, done) => call('get', sid, '', () => parse(records.get(sid)), done),
    set(sid, session, done) {
      const json = JSON.stringify(session)
      const work = () => {
        effect('set', sid)
        known.add(sid)
        records.set(sid, json)
      }
      call('set', sid, ` ${json}`, work, done)
    },
    destroy(sid, done) {
      // The implementations differ in whether they destroy ids that the store does not know.
      if (!known.has(sid)) return void setImmediate(() => done?.())
      const work = () => {
        effect('destroy', sid)
        records.delete(sid)
      }
      call('destroy', sid, '', work, done)
    },
  }
  if (!touches) return methods
  const touch: StoreMethods['touch'] = (sid, session, done) => {
    const cookie = JSON.parse(JSON.stringify(session.cookie))
    const work = () => {
      const record = parse(records.get(sid))
      if (record) records.set(sid, JSON.stringify({ ...record, cookie }))
    }
    call('touch', sid, '', work, done)
  }
  return { ...methods, touch }
}

function ignore(request: LiveRequest, scheduler: Scheduler) {
  request.unanswered++
  scheduler.note()
}

/** Counts a write that the response must wait for, until the returned function is called. */
function countWrite(request: LiveRequest, method: StoreMethod) {
  if (method !== 'set' || request.isInStep || request.isMidway) return () => {}
  request.pendingWrites++
  return () => {
    request.pendingWrites--
  }
}

function parse(json: string | undefined) {
  return json === undefined ? undefined : JSON.parse(json)
}
