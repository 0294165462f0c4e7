import { channel } from 'node:diagnostics_channel'

/** Gets what `explainSession` returns, at the end of each request. */
export const published = channel('sessionware:request')
