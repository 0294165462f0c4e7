import { setTimeout as sleep } from 'node:timers/promises'

export interface ClockOptions {
  /**
   * Turns the clock that the store reads on by so many milliseconds, `Date.now()` included. Default: the suite
   * waits in real time, for a few seconds in all.
   */
  advance?: ((ms: number) => unknown) | undefined
  /**
   * By how much a record may end before or after `cookie.expires`, in milliseconds. Default: 0 where `advance`
   * is given; else 1000, since many servers count in seconds.
   */
  precision?: number | undefined
}

/** The time in which records expire: the real one, or the test's own. */
export class Clock {
  /** How far a record's end may be from where it belongs, in milliseconds. */
  readonly precision: number
  /** The shortest life, in milliseconds, whose end can be told from its beginning. */
  readonly lifetime: number
  /** How long to wait, in milliseconds, between two looks at a record. */
  readonly step: number
  private readonly advance: (ms: number) => unknown

  constructor({ advance, precision = advance ? 0 : 1000 }: ClockOptions) {
    this.advance = advance ?? sleep
    this.precision = precision
    this.lifetime = Math.max(1000, 2 * precision)
    this.step = advance ? Math.max(1, precision / 10) : 50
  }

  /** Lets time go by until this moment, in milliseconds since the epoch. */
  async until(moment: number): Promise<void> {
    const ms = moment - Date.now()
    if (ms > 0) await this.advance(ms)
  }
}
