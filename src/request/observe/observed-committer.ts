import type { ServerResponse } from 'node:http'
import type { IdCodec } from '../../cookie/id-codec'
import type { Settings } from '../../options/settings'
import type { RequestSession } from '../../session/request-session'
import type { Commit, Done } from '../../types'
import { Committer } from '../commit'

/** Sees the steps of a committer. */
interface Witness {
  onHeaders(): void
  onEnd(): void
}

/** The committer of an observed request. */
export class ObservedCommitter extends Committer {
  private hasEnded = false

  constructor(
    private readonly witness: Witness,
    owner: RequestSession,
    settings: Settings,
    codec: IdCodec,
    res: ServerResponse,
    next: Done,
  ) {
    super(owner, settings, codec, res, next)
  }

  override onHeaders(): boolean {
    try {
      return super.onHeaders()
    } finally {
      this.witness.onHeaders()
    }
  }

  override onEnd(): Commit | undefined {
    if (!this.hasEnded) this.witness.onEnd()
    this.hasEnded = true
    return super.onEnd()
  }
}
