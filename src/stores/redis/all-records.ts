import type { FoundSession } from '../../types'
import { inSteps, type Records } from './records'
import { forEachKeys } from './scan'
import { indexPrefixOf } from './user-index'

/** Resolves to all records, each with its id. */
export async function readAll(records: Records): Promise<FoundSession[]> {
  const all: FoundSession[] = []
  await forEachRecord(records, async (ids) => {
    const found = await inSteps(ids, (sid) => records.get(sid).catch(ignoreOtherType))
    for (const [i, record] of found.entries()) if (record) all.push({ ...record, id: ids[i] as string })
  })
  return all
}

/** Resolves to the number of records. */
export async function countAll(records: Records): Promise<number> {
  let count = 0
  await forEachRecord(records, async (ids) => {
    count += ids.length
  })
  return count
}

/** Removes all records, and the index of users if there is one. */
export async function clearAll(records: Records): Promise<void> {
  const { commands, userIndex } = records
  await forEachRecord(records, (ids) => inSteps(ids, (sid) => records.destroy(sid)))
  if (!userIndex) return
  await forEachKeys(commands, userIndex.prefix, (keys) =>
    inSteps(keys, (key) => commands.send(key, ['DEL', key])),
  )
}

function forEachRecord(records: Records, work: (ids: string[]) => Promise<unknown>): Promise<void> {
  const { commands, prefix } = records
  const indexPrefix = indexPrefixOf(prefix)
  return forEachKeys(commands, prefix, (keys) => {
    const own = keys.filter((key) => !key.startsWith(indexPrefix))
    return work(own.map((key) => key.slice(prefix.length)))
  })
}

/** A short prefix may match keys of other programs. */
function ignoreOtherType(err: unknown): null {
  if (String((err as Error).message).startsWith('WRONGTYPE')) return null
  throw err
}
