/** Calls a function in a later turn of the event loop. A simulated browser (jsdom) has no setImmediate. */
export function defer(work: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(work)
  else setTimeout(work, 0)
}

/** Calls a function two turns later, so that other code can finish what it started. */
export function deferTwice(work: () => void): void {
  defer(() => defer(work))
}
