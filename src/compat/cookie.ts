import { Cookie } from '../cookie'

export = Cookie
