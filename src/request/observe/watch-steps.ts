import type { ResponseHooks } from '../../response/response-hooks'

/** Sees the steps of a committer. */
interface Witness {
  onHeaders(): void
  onEnd(): void
}

/** Makes the witness see the headers, after the committer, and the first end of the response, before the committer. */
export function watchSteps(hooks: ResponseHooks, witness: Witness): ResponseHooks {
  const { onHeaders, onEnd } = hooks
  let hasEnded = false
  hooks.onHeaders = () => {
    try {
      return onHeaders.call(hooks)
    } finally {
      witness.onHeaders()
    }
  }
  hooks.onEnd = () => {
    if (!hasEnded) witness.onEnd()
    hasEnded = true
    return onEnd.call(hooks)
  }
  return hooks
}
