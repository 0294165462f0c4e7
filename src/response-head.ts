import type { ServerResponse } from 'node:http'
import type { EndArguments } from './end-arguments'

/** How the head of a response waits for its commit: it differs between HTTP/1 and HTTP/2. */
export interface ResponseHead {
  /** The response has ended: from now on the head reads as sent, while nothing of it leaves before `end` is called. */
  freeze(args: EndArguments, end: unknown): void
  /** Takes no more writes, for an error handler that does not know that the response has ended. */
  dropWrites(): void
  /** The commit is over and the end about to leave; where it failed the head is out before anybody is told. */
  thaw(hasFailed: boolean): void
}

/**
 * Notes status and headers as they are at the end, and gives what puts them back: an error handler may take a response
 * whose head is not built yet for its own.
 */
export function keepHead(res: ServerResponse): () => void {
  const { statusCode } = res
  const kept = new Map(namesOf(res).map((name) => [name, res.getHeader(name)]))
  return () => {
    if (res.headersSent) return
    for (const name of namesOf(res)) if (!kept.has(name)) res.removeHeader(name)
    for (const [name, value] of kept) if (res.getHeader(name) !== value) res.setHeader(name, value as string)
    res.statusCode = statusCode
  }
}

/** The response of a test may have fewer methods than Node's. */
function namesOf(res: ServerResponse): string[] {
  return res.getHeaderNames?.() ?? []
}
