import session, { type MiddlewareOptions, type SessionHandler } from '../../src'

/** The package, with the recommended settings for the options that express-session does not have. */
const recommended = Object.assign(
  (options = {} as MiddlewareOptions): SessionHandler => session({ ...additionsTo(options), ...options }),
  session,
)

/** express-session has options of its own among the recommended settings: those are the test's. */
function additionsTo(options: MiddlewareOptions): Partial<MiddlewareOptions> {
  const { resave, saveUninitialized, unset, cookie, ...additions } = session.recommended({
    idleTimeout: options.idleTimeout,
    absoluteTimeout: options.absoluteTimeout,
    cookie: options.cookie,
    store: options.store,
    // express-session's default.
    resave: options.resave ?? true,
  })
  return additions
}

export = recommended
