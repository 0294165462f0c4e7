/** Knows the promises that a request's session has given, and whether the handler waits for them. */
export class PromiseWatch {
  private readonly pending = new Set<Entry>()

  /** Returns a promise with the same result that notices `await` and `then`. */
  watch(method: string, promise: Promise<void>): Promise<void> {
    const entry: Entry = { method, isAwaited: false }
    this.pending.add(entry)
    const settle = () => void this.pending.delete(entry)
    promise.then(settle, settle)
    const watched = new WatchedPromise((resolve, reject) => promise.then(resolve, reject))
    watched.catch(() => {})
    watched.onAwait = () => {
      entry.isAwaited = true
    }
    return watched
  }

  /** The methods whose promise is pending and that the handler does not wait for. */
  get unawaited(): string[] {
    return [...this.pending].filter(({ isAwaited }) => !isAwaited).map(({ method }) => method)
  }
}

interface Entry {
  readonly method: string
  isAwaited: boolean
}

/** `await` calls `then` of a promise whose constructor is not Promise. A `catch` alone waits for nothing. */
class WatchedPromise extends Promise<void> {
  onAwait: (() => void) | undefined

  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  // biome-ignore lint/suspicious/noThenProperty: this class is a promise.
  override then<A = void, B = never>(
    onFulfilled?: OnFulfilled<A>,
    onRejected?: OnRejected<B>,
  ): Promise<A | B> {
    if (typeof onFulfilled === 'function') this.onAwait?.()
    return super.then(onFulfilled, onRejected)
  }
}

type OnFulfilled<A> = Parameters<typeof Promise.prototype.then<A>>[0]
type OnRejected<B> = Parameters<typeof Promise.prototype.then<never, B>>[1]
