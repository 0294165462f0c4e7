import { setImmediate as turn } from 'node:timers/promises'
import { currentRequest, type LiveRequest } from './live-request'

const IDLE_TURNS = 5
const TURNS_AT_MOST = 2000

/** Keeps what the requests wait for, and lets one of them continue at a time. */
export class Scheduler {
  readonly #calls = new Map<LiveRequest, Array<() => void>>()
  readonly #pauses = new Map<LiveRequest, () => void>()
  #activity = 0

  /** Notes that something has happened, so that `settle` waits for more. */
  readonly note = (): void => {
    this.#activity++
  }

  /** Lets a store call wait until its request continues. */
  addCall(request: LiveRequest, answer: () => void): void {
    this.note()
    const calls = this.#calls.get(request) ?? []
    this.#calls.set(request, [...calls, answer])
  }

  /** Lets a handler wait until its request continues. */
  pause(request: LiveRequest): Promise<void> {
    this.note()
    return new Promise((resolve) => this.#pauses.set(request, resolve))
  }

  /** Returns whether a request waits for something. */
  isBusy(request: LiveRequest): boolean {
    return this.#pauses.has(request) || Boolean(this.#calls.get(request)?.length)
  }

  /** Lets a request continue; returns false if it waits for nothing. */
  release(request: LiveRequest): boolean {
    const work = this.#calls.get(request)?.shift() ?? this.#takePause(request)
    if (work) currentRequest.run(request, work)
    return work !== undefined
  }

  /** Waits until nothing happens any more. */
  async settle(): Promise<void> {
    for (let turns = 0, idle = 0; idle < IDLE_TURNS; turns++) {
      if (turns > TURNS_AT_MOST) throw new Error('the program does not come to rest')
      const before = this.#activity
      await turn()
      idle = this.#activity === before ? idle + 1 : 0
    }
  }

  #takePause(request: LiveRequest) {
    const resume = this.#pauses.get(request)
    this.#pauses.delete(request)
    return resume
  }
}
