import type { Lease } from '../contract'

/** Shares a server between all that lease it at the same time in this process. The last one closes it. */
export function shared(open: () => Promise<Lease>): () => Promise<Lease> {
  let users = 0
  let lease: Promise<Lease> | undefined
  return async () => {
    users++
    lease ??= open()
    const { close, ...rest } = await lease.catch((err) => {
      users--
      lease = undefined
      throw err
    })
    return {
      ...rest,
      async close() {
        if (--users > 0) return
        lease = undefined
        await close()
      },
    }
  }
}
