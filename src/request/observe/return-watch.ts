import { RecentMap } from '../../recent-map'
import type { SessionRequest } from '../../session/attach'

/** Counts the new cookies of each client that sends none of them back. A client is an address and its headers. */
export class ReturnWatch {
  private readonly clients = new RecentMap<{ since: number; count: number }>(500)

  /** Called when a new session's cookie is sent. Returns how many this client has got within a minute, and not returned. */
  noteSent(req: SessionRequest): number {
    const client = clientOf(req)
    const known = this.clients.get(client)
    const now = Date.now()
    const isRecent = known !== undefined && now - known.since < MINUTE
    const entry = isRecent ? { since: known.since, count: known.count + 1 } : { since: now, count: 1 }
    this.clients.set(client, entry)
    return entry.count
  }

  /** Called when this client has sent a cookie of ours. */
  noteReturn(req: SessionRequest): void {
    const client = clientOf(req)
    if (this.clients.get(client)) this.clients.set(client, { since: 0, count: 0 })
  }
}

const MINUTE = 60_000

function clientOf({ headers, socket }: SessionRequest): string {
  const { 'x-forwarded-for': forwarded, 'user-agent': agent, 'accept-language': language } = headers
  return [socket?.remoteAddress, forwarded, agent, language].join('\n')
}
