import { Session } from '../session/session'

export = Session
