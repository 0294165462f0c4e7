import type { ServerResponse } from 'node:http'

/** Returns the Set-Cookie values of a response. */
export function cookiesOf(res: ServerResponse): string[] {
  const lines = res.getHeader('Set-Cookie') ?? []
  return Array.isArray(lines) ? lines : [String(lines)]
}

/** Adds a Set-Cookie value to a response. */
export function addCookie(res: ServerResponse, cookie: string): void {
  res.setHeader('Set-Cookie', [...cookiesOf(res), cookie])
}
