import type { ServerResponse } from 'node:http'
import type { CookieCodec, SignedId } from '../../cookie/cookie-codec'
import { readIds } from '../../cookie/read-ids'
import { debug } from '../../diagnostics/debug'
import type { Reporter } from '../../diagnostics/reporter'
import { reportDisconnected, reportPath } from '../../diagnostics/texts'
import type { Settings } from '../../options/settings'
import { OWNER, type SessionRequest } from '../../session/attach'
import { hasSubscribers } from '../../store-guard/layers/watch-calls'
import { Observation } from './observation'
import { published } from './request-channel'
import { ReturnWatch } from './return-watch'

/** Watches the requests of one middleware, while there is a receiver for what it sees. */
export class Observer {
  private readonly reporter: Reporter | undefined
  private readonly returns = new ReturnWatch()

  constructor(private readonly settings: Settings) {
    this.reporter = settings.reporter
  }

  /** Returns the observation of a request; undefined if there is no receiver for it. */
  begin(req: SessionRequest, res: ServerResponse): Observation | undefined {
    if (!this.isOn) return undefined
    return new Observation(this.settings, this.returns, req, res)
  }

  /** Called when the ids of an observed request were read. */
  noteIds(req: SessionRequest, ids: SignedId[]): void {
    if (ids.length > 0) this.returns.noteReturn(req)
  }

  /** Called when a request gets no session, because the store is disconnected. */
  noteDisconnected(): void {
    if (this.reporter?.wants('SESSIONWARE_STORE_DISCONNECTED')) reportDisconnected(this.reporter)
  }

  /**
   * Called when a request gets no session, because the cookie's path does not cover its path. That is right for most
   * requests. It is a mistake if the handler fails, or if the browser has sent the cookie, so that its path is another one
   * for the browser; but not if another middleware gives the request a session.
   */
  noteOffPath(
    req: SessionRequest,
    res: ServerResponse,
    cookiePath: string,
    codec: CookieCodec | undefined,
  ): void {
    const { reporter, settings } = this
    if (!reporter?.wants('SESSIONWARE_PATH') || typeof res.once !== 'function') return
    res.once('close', () => {
      if (req[OWNER]) return
      const hasCookie = codec !== undefined && readIds(req, settings.name, codec).length > 0
      if (hasCookie || res.statusCode >= 500)
        reportPath(reporter, { cookiePath, path: pathOf(req), hasCookie })
    })
  }

  private get isOn(): boolean {
    return this.reporter?.isOn || published.hasSubscribers || hasSubscribers() || debug.enabled
  }
}

/** Returns the path without its query. What comes after the first part may be a token, so it is left out. */
function pathOf({ originalUrl, url = '' }: SessionRequest): string {
  const [path = ''] = (originalUrl ?? url).split('?')
  const [, first = '', ...rest] = path.split('/')
  return rest.length > 0 ? `/${first}/...` : `/${first}`
}
