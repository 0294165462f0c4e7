import { RecentIds } from './recent-ids'

/** How many destroyed ids are remembered: requests in flight, which might bring one back, are far fewer. */
const LIMIT = 10_000

/** The ids that were destroyed; where a new one finds no room, the oldest is forgotten. */
export class DeadIds extends RecentIds {
  override use(id: string): void {
    super.use(id)
    if (this.size > LIMIT) this.delete(this.oldest as string)
  }
}
