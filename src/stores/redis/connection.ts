import type { EventEmitter } from 'node:events'
import type { Commands } from './commands'

type Emitter = Pick<EventEmitter, 'emit'>

/** The stores of each client, so that many stores on one client add few listeners. */
const stores = new WeakMap<object, Set<Emitter>>()

/**
 * Makes the store emit 'disconnect' when the client has lost its connection, and 'connect' when it has one again. A client
 * that is not an event emitter counts as connected.
 */
export function watchConnection(store: Emitter, client: object, { up, down }: Commands): void {
  const known = stores.get(client)
  if (known) return void known.add(store)
  const watching = new Set([store])
  stores.set(client, watching)
  const { on } = client as Partial<EventEmitter>
  if (typeof on !== 'function') return
  let isDown = false
  const note = (isDownNow: boolean) => {
    if (isDownNow === isDown) return
    isDown = isDownNow
    for (const each of watching) each.emit(isDown ? 'disconnect' : 'connect')
  }
  on.call(client as EventEmitter, up, () => note(false))
  for (const event of down) on.call(client as EventEmitter, event, () => note(true))
}
