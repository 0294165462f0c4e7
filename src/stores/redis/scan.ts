import type { Commands } from './commands'

/** How many keys a server looks at in one step. */
const COUNT = '1000'

/** Calls `work` with the keys that start with this text, some at a time, each once. Walks over all servers of a cluster. */
export async function forEachKeys(
  commands: Commands,
  prefix: string,
  work: (keys: string[]) => Promise<unknown>,
): Promise<void> {
  const { hiddenPrefix } = commands
  const pattern = `${(hiddenPrefix + prefix).replace(/[\\*?[\]^-]/g, '\\$&')}*`
  const seen = new Set<string>()
  for (const send of await commands.servers()) {
    let cursor = '0'
    do {
      const [next, found] = (await send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', COUNT])) as [
        unknown,
        unknown[],
      ]
      cursor = String(next)
      // A key may come twice, also from two servers while it moves between them.
      const fresh = found.map((key) => String(key).slice(hiddenPrefix.length)).filter((key) => !seen.has(key))
      for (const key of fresh) seen.add(key)
      if (fresh.length > 0) await work(fresh)
    } while (cursor !== '0')
  }
}
