/** A record as both implementations store it. */
export function record(data: object = {}, cookie: object = {}) {
  return { ...data, cookie: { originalMaxAge: null, expires: null, httpOnly: true, path: '/', ...cookie } }
}

export function recordFor(ms: number, data: object = {}) {
  return record(data, { originalMaxAge: ms, expires: new Date(Date.now() + ms).toISOString() })
}
