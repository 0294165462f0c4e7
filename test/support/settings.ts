export const SECRET = 'keyboard cat'

/** The settings with which nothing happens that a test did not ask for. */
export const SETTINGS = { secret: SECRET, resave: false, saveUninitialized: false }
