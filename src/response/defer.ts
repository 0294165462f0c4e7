/** Does something in a later turn of the event loop. A simulated browser (jsdom) has no setImmediate. */
export function defer(work: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(work)
  else setTimeout(work, 0)
}

/** Gives others two turns, in which they may end what they began. */
export function deferTwice(work: () => void): void {
  defer(() => defer(work))
}
