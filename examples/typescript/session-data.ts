import 'sessionware'

declare module 'sessionware' {
  /** What the sessions of this application hold. All keys are optional in `req.session`. */
  interface SessionData {
    user: { name: string; roles: ('reader' | 'writer')[] }
    visits: number
    read: string[]
  }
}
