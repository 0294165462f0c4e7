import type { Action } from '../../policy/decide'
import type { StoreCall } from '../../store-guard/layers/store-call'

/** What `explainSession` returns. It has neither session ids nor secrets. */
export interface SessionExplanation {
  /** All of it in one line. */
  line: string
  /** The cookies of the session's name that the browser sent, in their order. */
  candidates: CandidateExplanation[]
  /** The answer of the store. */
  store: StoreExplanation
  /** The session was made by this request. False if there is no session. */
  isNew: boolean
  /** The top-level keys that this request has changed. 'cookie' stands for its lifetime. */
  changed: string[]
  /** What was done in the store, or is to be done when the response ends. */
  action: Action
  /** Why. */
  why: string
  /** Whether the response sets the session's cookie, and why. Before the headers are built: whether it would. */
  cookie: { sent: boolean; why: string }
}

/** One cookie that the browser sent. */
export interface CandidateExplanation {
  outcome:
    | 'loaded'
    | 'missing'
    | 'ended'
    | 'error'
    | 'unsigned'
    | 'wrong signature'
    | 'too long'
    | 'repeated'
    | 'not tried'
  /** Why, as a sentence. */
  why: string
}

/** What the store has answered. */
export interface StoreExplanation {
  /** The name of its class. */
  name: string
  /** The answer to the request for the session. */
  answer: 'found' | 'missing' | 'ended' | 'error' | 'waiting' | 'not asked' | 'disconnected'
  /** How long that took, in milliseconds. Undefined unless `diagnostics` are on or a channel has a subscriber. */
  ms?: number | undefined
  /** All calls that were answered so far. Empty unless `diagnostics` are on or a channel has a subscriber. */
  calls: readonly Pick<StoreCall, 'operation' | 'outcome' | 'ms'>[]
}
