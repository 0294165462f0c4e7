/**
 * A map by id, split into many Maps. A single Map of a million entries takes a fifth of a second to grow or shrink, and
 * blocks the process meanwhile.
 */
export class ShardedMap<T> {
  size = 0
  private shards: (Map<string, T> | undefined)[] = []

  get(id: string): T | undefined {
    return this.shards[shardOf(id)]?.get(id)
  }

  set(id: string, value: T): void {
    const index = shardOf(id)
    let shard = this.shards[index]
    if (!shard) {
      shard = new Map()
      this.shards[index] = shard
    }
    const before = shard.size
    shard.set(id, value)
    this.size += shard.size - before
  }

  delete(id: string): void {
    if (this.shards[shardOf(id)]?.delete(id)) this.size--
  }

  clear(): void {
    this.shards = []
    this.size = 0
  }

  /** Entries may be deleted and added during the iteration. */
  *[Symbol.iterator](): IterableIterator<[id: string, value: T]> {
    for (const shard of this.shards) if (shard) yield* shard
  }
}

/** With a million entries each shard has four thousand. */
const SHARDS = 256

/** Uses the end of the id, which is its most random part. */
function shardOf(id: string): number {
  // A caller may pass undefined, which is the id of no record.
  const text = String(id)
  const last = text.length - 1
  return (text.charCodeAt(last) * 31 + text.charCodeAt(last - 1)) % SHARDS || 0
}
