import type { Store } from '../../src'
import type { SessionModule } from '../support/implementations'
import type { Journal } from './journal'
import type { StoreTraits } from './program'
import { START } from './program-options'
import { createRecordingStore } from './recording-store'

export interface OpenStore {
  store: Store
  isIdle: () => boolean
  /** Returns the stored records, in an order that does not depend on the ids. */
  read: () => Promise<[sid: string, json: string][]>
}

/** Creates the store of a program with its initial records. */
export function openStore(session: SessionModule, traits: StoreTraits, journal: Journal): OpenStore {
  return traits.kind === 'bundled' ? openBundled(session, traits) : openRecording(session, traits, journal)
}

function openRecording(session: SessionModule, traits: StoreTraits, journal: Journal): OpenStore {
  const { store, records, isIdle } = createRecordingStore(session, traits, journal)
  records.set('live', JSON.stringify(liveRecord(traits)))
  if (traits.odd !== undefined) records.set('odd', JSON.stringify(traits.odd))
  return { store, isIdle, read: async () => byRecord([...records]) }
}

function openBundled(session: SessionModule, traits: StoreTraits): OpenStore {
  const store = new session.MemoryStore()
  store.set('live', liveRecord(traits) as never)
  const read = () =>
    new Promise<[string, string][]>((resolve, reject) =>
      store.all((error, all) => {
        if (error) return reject(error)
        resolve(byRecord(Object.entries(all ?? {}).map(([sid, record]) => [sid, JSON.stringify(record)])))
      }),
    )
  return { store, isIdle: () => true, read }
}

function liveRecord({ liveMaxAge }: StoreTraits) {
  const expires = liveMaxAge === null ? null : new Date(START + liveMaxAge).toISOString()
  const cookie = { originalMaxAge: liveMaxAge, expires, httpOnly: true, path: '/' }
  return { cookie, user: 'ada', list: [1] }
}

function byRecord(records: [string, string][]) {
  return records.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
}
