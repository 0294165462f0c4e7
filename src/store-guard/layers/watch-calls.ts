import { AsyncResource } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import type { Answer } from '../../types'
import type { GuardedStore, SyncWatch } from '../guarded-store'
import { storeName } from '../store-name'
import { StoreCall } from './store-call'

/**
 * Returns a guarded store that publishes its calls to `tracingChannel('sessionware:store')`, and passes each one to `note`
 * when it is answered. It shares everything else with the guarded store that it is made of.
 */
export function watchCalls(guarded: GuardedStore, note: (call: StoreCall) => void): GuardedStore {
  const { store } = guarded
  const name = storeName(store)
  const watch = (operation: string, record: unknown, run: (answer: Answer) => void, callback: Answer) =>
    trace(new StoreCall(operation, name, record), run, callback, note)
  const watchSync: SyncWatch = (operation, record, call) =>
    traceSync(new StoreCall(operation, name, record), call, note)
  const call: GuardedStore['call'] = (method, args, callback, wantsLate) => {
    const isWrite = method === 'set' || method === 'compareAndSet'
    const run = (answer: Answer) => guarded.call(method, args, answer, wantsLate)
    watch(method, isWrite ? args[1] : undefined, run, callback)
  }
  return Object.create(guarded, { call: { value: call }, watch: { value: watchSync } })
}

/** Returns the guarded store itself while the channel has no subscriber. For calls outside a request. */
export function tracedStore(guarded: GuardedStore): GuardedStore {
  return hasSubscribers() ? watchCalls(guarded, () => {}) : guarded
}

const channels = tracingChannel<unknown, StoreCall>('sessionware:store')
const { start, end, asyncStart, asyncEnd, error } = channels

/** Node 20 has no `tracingChannel().hasSubscribers` before 20.13. */
export function hasSubscribers(): boolean {
  return (
    start.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    error.hasSubscribers
  )
}

/** The store runs in the context that subscribers have bound to `start`. The callback runs in the caller's context. */
function trace(
  call: StoreCall,
  run: (answer: Answer) => void,
  callback: Answer,
  note: (call: StoreCall) => void,
): void {
  const answer = AsyncResource.bind(callback)
  start.runStores(call, () => {
    try {
      run((err, value) => {
        // The late answer of a call that was ended by `storeTimeout` belongs to no call any more.
        if (call.outcome) return answer(err, value)
        finish(call, err, value, note)
        try {
          answer(err, value)
        } finally {
          asyncEnd.publish(call)
        }
      })
    } finally {
      end.publish(call)
    }
  })
}

/** Publishes the same events as `trace`, so that subscribers need not know which stores are synchronous. */
function traceSync<T>(call: StoreCall, work: () => T, note: (call: StoreCall) => void): T {
  return start.runStores(call, () => {
    let result: T | undefined
    let fault: unknown
    try {
      result = work()
      return result
    } catch (err) {
      fault = err
      throw err
    } finally {
      finish(call, fault, result, note)
      asyncEnd.publish(call)
      end.publish(call)
    }
  })
}

function finish(call: StoreCall, err: unknown, value: unknown, note: (call: StoreCall) => void): void {
  call.finish(err, value)
  note(call)
  if (call.error) error.publish(call)
  asyncStart.publish(call)
}
