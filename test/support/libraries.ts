import { ours, upstream } from './implementations'

/** Both implementations, for what holds of either. */
export const libraries = [
  { library: 'this package', session: ours },
  { library: 'express-session', session: upstream },
]
