import { AsyncResource } from 'node:async_hooks'
import type { Stored } from './stored'

/** The right to write the record of an id. Only one turn of an id runs at a time. */
export interface Turn {
  /** The turn has ended, or has taken too long while others waited. */
  readonly isOver: boolean
  /** What the last turn has written, for the next one. It is forgotten when no turn waits. */
  note: Stored | undefined
  /** Counts the time of the turn anew from now: it may take so long while others wait, in milliseconds. */
  extend(limit?: number): void
  end(): void
}

type Work = (turn: Turn) => void

/** The turns of the ids of one store, in this process. An id without a turn takes no memory. */
export class Turns {
  private readonly lines = new Map<string, Line>()

  /** `limit`: how long a turn may take while others wait, in milliseconds. */
  constructor(private readonly limit = TURN_LIMIT) {}

  /** Calls `work` when the earlier turns of this id are over: in the same tick if there are none. */
  take(sid: string, work: Work): void {
    const line = this.lines.get(sid)
    if (line) return line.add(work)
    const added = new Line(this.limit, () => this.lines.delete(sid))
    this.lines.set(sid, added)
    added.begin(work)
  }

  /** Returns whether there is a turn of this id. */
  has(sid: string): boolean {
    return this.lines.has(sid)
  }

  /** How many ids have a turn. */
  get size(): number {
    return this.lines.size
  }
}

/** Does the work in a turn, and ends the turn. */
export function inTurn<T>(turns: Turns, sid: string, work: (turn: Turn) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    turns.take(sid, (turn) => {
      work(turn)
        .finally(() => turn.end())
        .then(resolve, reject)
    })
  })
}

/** The turns of one id. */
class Line {
  private readonly waiting: Work[] = []
  private note: Stored | undefined
  private current: Turn | undefined
  private timer: NodeJS.Timeout | undefined
  private currentLimit: number

  constructor(
    private readonly limit: number,
    private readonly onEmpty: () => void,
  ) {
    this.currentLimit = limit
  }

  add(work: Work): void {
    this.waiting.push(AsyncResource.bind(work))
    if (this.waiting.length === 1) this.watch(this.currentLimit)
  }

  begin(work: Work): void {
    const turn = {
      isOver: false,
      note: this.note,
      extend: (limit = this.limit) => {
        if (!turn.isOver) this.watch(limit)
      },
      end: () => {
        if (turn.isOver) return
        turn.isOver = true
        this.note = turn.note
        this.next()
      },
    }
    this.current = turn
    this.watch(this.limit)
    work(turn)
  }

  private next(): void {
    clearTimeout(this.timer)
    this.current = undefined
    const work = this.waiting.shift()
    // Not in the same call: with a store that answers at once, many turns would be nested.
    if (work) queueMicrotask(() => this.begin(work))
    else this.onEmpty()
  }

  /** The current turn ends after this time at the latest, if others wait for it. */
  private watch(limit: number): void {
    const { current } = this
    clearTimeout(this.timer)
    this.currentLimit = limit
    if (!current || this.waiting.length === 0) return
    this.timer = setTimeout(() => current.end(), limit)
    this.timer.unref?.()
  }
}

/** The default limit, in milliseconds: a store may never answer. */
export const TURN_LIMIT = 30_000
