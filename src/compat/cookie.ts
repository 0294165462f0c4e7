import { Cookie } from '../cookie/cookie'

export = Cookie
