import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { InterruptibleServer } from '../contract'
import { until } from '../until'
import { killProcess, startAnywhere, startProcess } from './own-process'
import { startPrivateRedis } from './private-redis'
import { sendTo } from './send-to'

/** The name by which the sentinel knows the master. */
export const MASTER_NAME = 'sessions'

/** A master with a replica, and a sentinel that makes the replica the master when the master is lost. */
export interface WatchedRedis {
  /** The URL of the sentinel. */
  url: URL
  master: InterruptibleServer
  replica: URL
  close(): Promise<void>
}

export async function startWatchedRedis(): Promise<WatchedRedis> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const master = await startPrivateRedis('redis-server', ['--repl-diskless-sync-delay', '0'])
    closers.push(master.close)
    const replica = await startPrivateRedis('redis-server', ['--replicaof', '127.0.0.1', master.url.port])
    closers.push(replica.close)
    await until('the replica to have the records', () => says(replica.url, 'master_link_status:up', 'INFO'))
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const [url, child] = await startAnywhere('redis', (url) => startSentinel(url, folder, master.url))
    closers.push(() => killProcess(child))
    await until('the sentinel to know the replica', () =>
      says(url, replica.url.port, 'SENTINEL', 'REPLICAS', MASTER_NAME),
    )
    return { url, master, replica: replica.url, close }
  } catch (err) {
    await close()
    throw err
  }
}

/** A sentinel writes to its file of settings. */
async function startSentinel(url: URL, folder: string, master: URL): Promise<ChildProcess> {
  const file = join(folder, `${url.port}.conf`)
  const settings = [
    `port ${url.port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 1`,
    `sentinel down-after-milliseconds ${MASTER_NAME} 1000`,
    `sentinel failover-timeout ${MASTER_NAME} 5000`,
  ]
  await writeFile(file, `${settings.join('\n')}\n`)
  return startProcess('redis-server', [file, '--sentinel'], url)
}

/** Resolves to whether the server's reply to this command contains a text. */
export async function says(url: URL, text: string, ...command: string[]): Promise<boolean> {
  return inspect(await sendTo(url, ...command)).includes(text)
}
