/** With a million entries a shard has four thousand. */
const SHARDS = 256

/**
 * A map by id that never moves all of its entries at once: a Map of a million takes a fifth of a second to grow or
 * shrink, and everybody waits.
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

  /** Entries may be deleted and added meanwhile. */
  *[Symbol.iterator](): IterableIterator<[id: string, value: T]> {
    for (const shard of this.shards) if (shard) yield* shard
  }
}

/** Ids are random at least at their end. */
function shardOf(id: string): number {
  // A careless caller's undefined is an id that nobody has.
  const text = String(id)
  const last = text.length - 1
  return (text.charCodeAt(last) * 31 + text.charCodeAt(last - 1)) % SHARDS || 0
}
