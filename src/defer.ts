/** Does something in a later turn of the event loop. A simulated browser (jsdom) has no setImmediate. */
export function defer(work: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(work)
  else setTimeout(work, 0)
}
