export const SECRET = 'keyboard cat'

/** Settings with which only changed sessions are saved. */
export const SETTINGS = { secret: SECRET, resave: false, saveUninitialized: false }
