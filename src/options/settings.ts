import type { CookieOptions } from '../cookie/cookie'
import type { IdCodec } from '../cookie/id-codec'
import type { IncomingRequest } from '../cookie/incoming-request'
import type { SetCookieWriter } from '../cookie/set-cookie'
import type { Rules } from '../policy/decide'
import type { SessionSettings } from '../session/attach'
import type { SealedRecords } from '../store-guard/sealed-records'
import type { StoreLike } from '../types'

/** The options of one `session()` call as the middleware reads them: checked, with all defaults filled in. */
export interface Settings extends Rules, SessionSettings {
  readonly name: string
  readonly store: StoreLike
  /** How long a store call may take, in milliseconds. Undefined: no limit. */
  readonly storeTimeout: number | undefined
  /** A failed save or destroy at the end of a response is passed to `next` instead of the response. */
  readonly failOnSaveError: boolean
  readonly setCookie: SetCookieWriter
  readonly clearCookie: boolean
  readonly cacheControl: boolean
  /** Returns the attributes of a new session's cookie. */
  cookieFor(req: IncomingRequest): CookieOptions
  /** Returns the codec that signs and verifies the ids of a request; undefined if there is no secret. */
  codecFor(req: IncomingRequest): IdCodec | undefined
  /** Returns the sessions in the cookies of a request, if the store keeps them there. Then there is no codec of ids. */
  readonly openCookies: ((req: IncomingRequest) => SealedRecords) | undefined
}
