import { RecentMap } from '../../recent-map'
import type { SessionRequest } from '../../session/attach'

/** Counts the new cookies of each client that sends none of them back. A client is an address and its headers. */
export class ReturnWatch {
  private readonly clients = new RecentMap<{ since: number; count: number }>(500)
  /** When a cookie last came from an address. */
  private readonly returns = new RecentMap<number>(500)

  /** Called when a new session's cookie is sent. Returns how many this client has got within a minute, and not returned. */
  noteSent(req: SessionRequest): number {
    const client = clientOf(req)
    const known = this.clients.get(client)
    const now = Date.now()
    const returnedAt = this.returns.get(addressOf(req)) ?? 0
    const isRecent = known !== undefined && now - known.since < MINUTE && known.since > returnedAt
    const entry = isRecent ? { since: known.since, count: known.count + 1 } : { since: now, count: 1 }
    this.clients.set(client, entry)
    return entry.count
  }

  /** Called when a client has sent a cookie of ours. It may be a script or a socket of the same machine, with other headers. */
  noteReturn(req: SessionRequest): void {
    this.returns.set(addressOf(req), Date.now())
  }
}

const MINUTE = 60_000

function clientOf(req: SessionRequest): string {
  const { 'user-agent': agent, 'accept-language': language } = req.headers
  return [addressOf(req), agent, language].join('\n')
}

function addressOf({ headers, socket }: SessionRequest): string {
  return `${socket?.remoteAddress}\n${headers['x-forwarded-for']}`
}
