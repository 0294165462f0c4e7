import { ours, upstream } from './implementations'

/** Both implementations, for behaviour that they share. */
export const libraries = [
  { library: 'this package', session: ours },
  { library: 'express-session', session: upstream },
]
