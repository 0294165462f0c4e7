import { merge } from '../policy/merge'
import type { Version } from '../policy/version'
import type { Stored } from '../store-guard/stored'
import type { Baseline, RunningWrite } from './baseline'

/** Called when a save has written its changes: the base has them too. */
export function noteSaved(baseline: Baseline, { base, mine }: RunningWrite, stored: Stored): void {
  baseline.base = merge(base, mine, baseline.base)
  baseline.stored = stored
  // A save that began meanwhile must not write them again, over what others have changed since.
  for (const write of baseline.running) write.base = merge(base, mine, write.base)
}

/**
 * Called when an update has written `version`, and `req.session` has got it: what the update has brought is no change of
 * this request.
 */
export function noteUpdated(
  baseline: Baseline,
  { base, mine }: RunningWrite,
  version: Version,
  stored: Stored,
): void {
  baseline.base = merge(base, baseline.base, version)
  baseline.stored = stored
  for (const write of baseline.running) {
    write.base = merge(mine, version, write.base)
    write.mine = merge(mine, version, write.mine)
  }
}
