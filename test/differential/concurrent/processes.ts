import type { SessionData, Store } from '../../../src'
import type { Layer } from '../../support/app'
import type { SessionModule } from '../../support/implementations'
import { toSessionOptions } from '../program-options'
import type { SavesOf } from './documented-saves'
import { documentStore } from './documented-store'
import type { ConcurrentProgram, ConcurrentRequest } from './program'
import { createScheduledMethods, type SharedRecords, type StoreMethods } from './scheduled-store'
import type { Scheduler } from './scheduler'

type Process = ConcurrentRequest['process']

export interface Processes {
  middlewares: Record<Process, Layer>
  shared: SharedRecords
  read: () => Promise<[sid: string, json: string][]>
}

const LIVE = {
  cookie: { originalMaxAge: null, expires: null, httpOnly: true, path: '/' },
  user: 'ada',
  list: [1],
}

/** Creates the middleware of each process. The processes share the records. */
export function openProcesses(
  program: ConcurrentProgram,
  session: SessionModule,
  scheduler: Scheduler,
  savesOf: SavesOf | undefined,
): Processes {
  const shared: SharedRecords = {
    records: new Map([['live', JSON.stringify(LIVE)]]),
    known: new Set(['live']),
    effects: [],
    ended: { first: new Set(), second: new Set() },
  }
  // The processes share a `genid`, since their ids must differ.
  const options = toSessionOptions({ ...program.options, secret: 'one', cookieIsFunction: false })
  const open = (store: Store) => session({ ...options, store } as never) as unknown as Layer
  const document = (methods: StoreMethods, ...processes: Process[]) => {
    const noteEnd = (sid: string) => processes.forEach((process) => void shared.ended[process].add(sid))
    return savesOf ? documentStore(methods, savesOf, noteEnd) : methods
  }

  if (program.store.kind === 'bundled') {
    const store = new session.MemoryStore()
    store.set('live', structuredClone(LIVE) as never)
    if (savesOf) Object.assign(store, document(bind(store), 'first', 'second'))
    const middleware = open(store)
    return { middlewares: { first: middleware, second: middleware }, shared, read: () => readAll(store) }
  }
  const openScheduled = (process: Process) => {
    const methods = document(createScheduledMethods(program.store, process, shared, scheduler), process)
    return open(Object.assign(new (session.Store as unknown as new () => Store)(), methods))
  }
  return {
    middlewares: { first: openScheduled('first'), second: openScheduled('second') },
    shared,
    read: async () => [...shared.records],
  }
}

function bind(store: Store): StoreMethods {
  const methods = store as unknown as Required<StoreMethods>
  return {
    get: methods.get.bind(store),
    set: methods.set.bind(store),
    destroy: methods.destroy.bind(store),
    touch: methods.touch.bind(store),
  }
}

function readAll(store: Store): Promise<[string, string][]> {
  return new Promise((resolve, reject) =>
    store.all?.((error, all) => {
      if (error) reject(error)
      else resolve(Object.entries(all ?? {}).map(([sid, record]) => [sid, sortKeys(record)]))
    }),
  )
}

/** The bundled stores differ in where they put the cookie of a record. */
function sortKeys({ cookie, ...data }: SessionData): string {
  return JSON.stringify({ cookie, ...data })
}
