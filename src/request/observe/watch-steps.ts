import type { ResponseHooks } from '../../response/response-hooks'

/** Is called at the steps of a committer. */
interface StepListener {
  onHeaders(): void
  onEnd(): void
}

/** Calls the listener after the committer has decided the headers, and before it handles the first end of the response. */
export function watchSteps(hooks: ResponseHooks, listener: StepListener): ResponseHooks {
  const { onHeaders, onEnd } = hooks
  let hasEnded = false
  hooks.onHeaders = () => {
    try {
      return onHeaders.call(hooks)
    } finally {
      listener.onHeaders()
    }
  }
  hooks.onEnd = () => {
    if (!hasEnded) listener.onEnd()
    hasEnded = true
    return onEnd.call(hooks)
  }
  return hooks
}
