import type { Answer, Options, Program, Step, StoreMethod } from '../program'
import type { OwnProperty } from './own-properties'

/** A program whose requests run at the same time, one step after another in the order of its schedule. */
export interface ConcurrentProgram {
  host: Program['host']
  options: Pick<Options, 'resave' | 'saveUninitialized' | 'rolling' | 'unset' | 'genid'>
  store: ConcurrentStore
  requests: ConcurrentRequest[]
  /** What happens first. Afterwards all requests continue until they have ended. */
  schedule: Event[]
}

export interface ConcurrentStore {
  /** `bundled` is the MemoryStore of the implementation; the others wait for the schedule before they answer. */
  kind: 'scheduled' | 'bundled'
  /** When a call takes effect on the records. */
  applies: 'at the call' | 'with the answer'
  touches: boolean
}

export type Event =
  /** The request continues: it starts, or its oldest store call is answered, or its handler continues after a pause. */
  | { do: 'continue'; request: number }
  /** The client of the request disconnects. */
  | { do: 'leave'; request: number }

export interface ConcurrentRequest {
  /** A second process has a middleware and a store object of its own, for the same records. */
  process: 'first' | 'second'
  /** `upgrade`: the middleware gets an empty object as its response, and the handler does not answer. */
  kind: 'request' | 'upgrade'
  /** `previous`: the session cookie that the request before this one has got. */
  cookie: 'live' | 'none' | 'unknown' | 'previous'
  /** What a framework or another middleware has put on `req` and `res`. */
  own: OwnProperty[]
  /** The middleware gets a Proxy of `req`. (Node cannot send a response through a Proxy of `res`.) */
  isProxied: boolean
  steps: ConcurrentStep[]
  /** Undefined if the handler never answers. */
  answer: ConcurrentAnswer | undefined
  faults: Fault[]
  errorHandler: 'answers' | 'destroys the connection'
}

export type ConcurrentStep = Step | { do: 'pause' }

/** `midway` comes after the head and the writes, before the end. */
export type ConcurrentAnswer = Answer & { midway: ConcurrentStep[] }

/** A store call of this request that fails. */
export interface Fault {
  method: StoreMethod
  which: 'first' | 'all'
  how: 'error' | 'throw' | 'answers twice' | 'never answers'
}

/** Returns whether the response begins before its handler pauses. Node ignores a write to a client that has left. */
export function isStream(answer: ConcurrentAnswer, hasLeft = false): boolean {
  return answer.midway.length > 0 && (answer.head !== 'implicit' || (answer.writes.length > 0 && !hasLeft))
}
