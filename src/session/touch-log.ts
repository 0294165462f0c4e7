import { isTouchDue } from '../policy/lifetime'
import { RecentMap } from '../recent-map'

/**
 * Remembers when this process last touched or saved each session, for `touchAfter`. It keeps the ids that were used most
 * recently. A session that it does not know is touched.
 */
export class TouchLog {
  private readonly times: RecentMap<number>

  /** `touchAfter` is in milliseconds. */
  constructor(
    private readonly touchAfter: number,
    capacity = CAPACITY,
  ) {
    this.times = new RecentMap(capacity)
  }

  /** Returns whether an unchanged session must be touched. `cookieLifetime`: its cookie's `originalMaxAge`. */
  isDue(id: string, cookieLifetime: unknown): boolean {
    const last = this.times.get(id)
    return last === undefined || isTouchDue(Date.now() - last, this.touchAfter, cookieLifetime)
  }

  /**
   * Called when a touch or a save starts, so that requests at the same time do not touch too. `time`: when the lifetime
   * that it writes began.
   */
  note(id: string, time = Date.now()): void {
    this.times.set(id, time)
  }

  /** Called when a session was loaded whose cookie has the time of its last write, by this process or another one. */
  learn(id: string, time: number): void {
    if (time > (this.times.get(id) ?? 0)) this.times.set(id, time)
  }

  /** Called when a touch or a save has failed. */
  forget(id: string): void {
    this.times.delete(id)
  }

  /** Returns when this process last touched or saved the session, in milliseconds since the epoch. */
  lastOf(id: string): number | undefined {
    return this.times.get(id)
  }
}

/** How many ids are kept at least; twice as many at most, which take about 8 MB. */
const CAPACITY = 20_000
