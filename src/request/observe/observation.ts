import { AsyncResource } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import { debug } from '../../diagnostics/debug'
import type { Settings } from '../../options/settings'
import type { ResponseHooks } from '../../response/response-hooks'
import type { SessionRequest } from '../../session/attach'
import { PromiseWatch } from '../../session/promise-watch'
import type { RequestSession } from '../../session/request-session'
import type { GuardedStore } from '../../store-guard/guarded-store'
import type { StoreCall } from '../../store-guard/layers/store-call'
import { watchCalls } from '../../store-guard/layers/watch-calls'
import { reportUncleared } from '../clear-cookie'
import { explainSession } from '../explain/explain-session'
import { checkCookie } from './check-cookie'
import { checkData, checkPromises } from './check-data'
import { checkLateChange } from './check-late-change'
import { noteCalls } from './observed'
import { published } from './request-channel'
import type { ReturnWatch } from './return-watch'
import { watchSteps } from './watch-steps'

/** Watches one request, and reports what is wrong with it. It changes neither the response nor the order of store calls. */
export class Observation {
  private readonly calls: StoreCall[] = []
  private owner: RequestSession | undefined

  constructor(
    private readonly settings: Settings,
    private readonly returns: ReturnWatch,
    private readonly req: SessionRequest,
    private readonly res: ServerResponse,
  ) {}

  /** Returns the store whose calls are noted. */
  watch(store: GuardedStore): GuardedStore {
    return watchCalls(store, (call) => void this.calls.push(call))
  }

  /** Makes the steps of the request's committer seen, and returns it. */
  watchCommit(owner: RequestSession, committer: ResponseHooks): ResponseHooks {
    const { settings, res, calls } = this
    this.owner = owner
    noteCalls(owner, calls)
    if (settings.reporter?.isOn) owner.promises = new PromiseWatch()
    // A WebSocket upgrade passes an empty object as `res`.
    if (typeof res.once === 'function') {
      const close = AsyncResource.bind(() => this.onClose())
      res.once('close', close)
    }
    return watchSteps(committer, this)
  }

  /** Called when the headers are about to be built, after the cookie was decided. */
  onHeaders(): void {
    const { settings, owner, res, returns } = this
    const { reporter } = settings
    if (reporter?.isOn && owner) safely(() => checkCookie(reporter, settings, owner, res, returns))
  }

  /** Called when the response ends, before the session is stored. */
  onEnd(): void {
    const { reporter } = this.settings
    const { owner } = this
    if (!reporter?.isOn || !owner) return
    safely(() => checkPromises(reporter, owner))
    safely(() => checkData(reporter, owner))
  }

  private onClose(): void {
    const { settings, owner, req, res } = this
    const { reporter } = settings
    if (reporter?.isOn && owner) {
      safely(() => checkLateChange(reporter, settings, owner, res))
      // The handler may have called `destroy()` after `res.end()`.
      if (settings.clearCookie) safely(() => reportUncleared(owner, res, 'nothing'))
    }
    if (!published.hasSubscribers && !debug.enabled) return
    safely(() => {
      const explanation = explainSession(req as never)
      debug('%s', explanation.line)
      published.publish(explanation)
    })
  }
}

/** A mistake in a check must not break the request that it looks at. */
function safely(check: () => void): void {
  try {
    check()
  } catch (err) {
    process.emitWarning(`a check of the option diagnostics has failed: ${err}`)
  }
}
