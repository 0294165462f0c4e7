import type { SessionData } from '../../../src/types'
import { PlainStore } from './plain-store'

/** The same with `compareAndSet`. */
class ComparingStore extends PlainStore {
  private readonly texts = new WeakMap<object, string>()

  compareAndSet(
    sid: string,
    session: SessionData,
    loaded: SessionData | undefined,
    callback: (err: unknown, outcome?: unknown) => void,
  ) {
    const text = JSON.stringify(session)
    // An object that the store has not given is equal to no record.
    const before = loaded && (this.texts.get(loaded) ?? '')
    this.ask({ method: 'compareAndSet', sid, text, loaded: before }, ({ outcome, text: current }) => {
      if (outcome) this.texts.set(session, text)
      callback(null, current === undefined ? outcome : this.give(current))
    })
  }

  protected override give(text: string): object {
    const record = super.give(text)
    this.texts.set(record, text)
    return record
  }
}

export const openStore = () => new ComparingStore()
