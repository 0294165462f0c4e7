export { TooLargeError } from '../../cookie/cookie-size'
export type { CookieKey } from './cookie-keys'
export { CookieStore, type CookieStoreOptions } from './cookie-store'
export type { LegacyOptions } from './legacy-cookie'
