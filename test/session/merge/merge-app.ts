import type { SessionOptions } from '../../../src'
import { ReferenceStore } from '../../store-suite/reference-store'
import { type Host, type Layer, nodeHost } from '../../support/app'
import { type SessionModule as Module, ours } from '../../support/implementations'
import { listen } from '../../support/listen'
import { SETTINGS } from '../../support/settings'
import { createStore } from '../../support/store'

/** The kinds of stores: synchronous, with `compareAndSet`, and without. */
export const KINDS: [kind: string, create: () => object][] = [
  ['MemoryStore', () => new ours.MemoryStore()],
  ['a store with compareAndSet', () => Object.assign(new ReferenceStore(), { compares: true })],
  ['a plain store', () => createStore()],
]

export const MERGE: Partial<SessionOptions> = { saveMode: 'merge' }

interface Setup {
  store?: object | undefined
  session?: Module
  options?: Partial<SessionOptions>
  host?: Host
}

/** Starts an app whose handlers are named by the path, and returns a function that visits it. */
export async function startMergeApp(routes: Record<string, Layer>, setup: Setup = {}) {
  const { store = new ours.MemoryStore(), session = ours, options = MERGE, host = nodeHost } = setup
  const route: Layer = (req, res, next) => {
    const work = routes[(req.url ?? '').slice(1).split('?')[0] as string]
    Promise.resolve(work?.(req, res, next)).catch(next)
  }
  const app = host.serve(session({ ...SETTINGS, ...options, store: store as never }) as Layer, route)
  const port = await listen(app.server)
  const visit = async (path: string, cookie?: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
      headers: cookie ? { cookie } : {},
      redirect: 'manual',
    })
    const [line] = response.headers.getSetCookie()
    return { status: response.status, text: await response.text(), cookie: line?.split(';')[0], line }
  }
  return { visit, errors: app.errors, store }
}

/** Reads the record of a session through a request. */
export const showSession: Layer = (req, res) => {
  const { cookie, ...data } = JSON.parse(JSON.stringify(req.session))
  res.end(JSON.stringify(data))
}

/** Lets handlers wait until all of them have arrived, and then, if they wait for `done`, until `finish` is called. */
export function createBarrier(count: number) {
  let arrived = 0
  let open = () => {}
  let finish = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  const arrive = () => {
    if (++arrived === count) open()
    return opened
  }
  return Object.assign(arrive, { done, finish: () => finish() })
}

/** Returns the value of a parameter of the request's query. */
export function parameter(url: string | undefined, name: string): string {
  return new URL(url ?? '', 'http://localhost').searchParams.get(name) ?? ''
}
