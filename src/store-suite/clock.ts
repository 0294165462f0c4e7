import { setTimeout as sleep } from 'node:timers/promises'

export interface ClockOptions {
  /**
   * Advances the clock that the store reads, including `Date.now()`, by the given milliseconds. Default: the suite
   * waits in real time, for a few seconds in total.
   */
  advance?: ((ms: number) => unknown) | undefined
  /**
   * How much earlier or later than `cookie.expires` a record may expire, in milliseconds. Default: 0 with `advance`,
   * otherwise 1000, since many servers count in seconds.
   */
  precision?: number | undefined
}

/** The clock by which records expire: real time, or a fake clock of the tests. */
export class Clock {
  /** How much earlier or later than `cookie.expires` a record may expire, in milliseconds. */
  readonly precision: number
  /** The shortest lifetime of a record, in milliseconds, whose expiry can be tested with this precision. */
  readonly lifetime: number
  /** How long to wait, in milliseconds, between two reads of a record. */
  readonly step: number
  private readonly advance: (ms: number) => unknown

  constructor({ advance, precision = advance ? 0 : 1000 }: ClockOptions) {
    this.advance = advance ?? sleep
    this.precision = precision
    this.lifetime = Math.max(1000, 2 * precision)
    this.step = advance ? Math.max(1, precision / 10) : 50
  }

  /** Waits until this time, in milliseconds since the epoch. */
  async until(moment: number): Promise<void> {
    const ms = moment - Date.now()
    if (ms > 0) await this.advance(ms)
  }
}
