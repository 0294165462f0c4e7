import type { InterruptibleServer, Server } from '../contract'
import { until } from '../until'
import { startPrivateRedis } from './private-redis'
import { sendTo } from './send-to'
import { shared } from './shared'

/** Three redis-server processes that share the keys. */
export const redisCluster: Server = {
  lease: shared(async () => {
    const { url, close } = await startCluster()
    return { url, description: `three redis-server processes, the first on port ${url.port}`, close }
  }),
  interruptible: startCluster,
}

const SLOTS = 16_384
const MASTERS = 3

/** Starts a cluster of three masters. It stops and starts as a whole; its URL is the one of the first. */
async function startCluster(): Promise<InterruptibleServer> {
  const nodes: InterruptibleServer[] = []
  const forEach = async (work: (node: InterruptibleServer) => Promise<void>) => {
    await Promise.all(nodes.map(work))
  }
  const close = () => forEach((node) => node.close())
  try {
    for (let i = 0; i < MASTERS; i++) nodes.push(await startPrivateRedis('redis-server', CLUSTER))
    await join(nodes.map(({ url }) => url))
  } catch (err) {
    await close()
    throw err
  }
  const [{ url }] = nodes as [InterruptibleServer]
  const start = async () => {
    await forEach((node) => node.start())
    await Promise.all(nodes.map((node) => untilReady(node.url)))
  }
  return {
    url,
    freeze: () => forEach((node) => node.freeze()),
    stop: () => forEach((node) => node.stop()),
    start,
    close,
  }
}

const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']

async function join(urls: URL[]) {
  const [first] = urls as [URL]
  for (const [i, url] of urls.entries()) {
    const [from, to] = [i, i + 1].map((part) => Math.floor((part * SLOTS) / MASTERS)) as [number, number]
    await sendTo(url, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to - 1))
    await sendTo(url, 'CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1))
    if (i > 0) await sendTo(url, 'CLUSTER', 'MEET', '127.0.0.1', first.port)
  }
  for (const url of urls) await untilReady(url)
}

/** Waits until this master knows all others. */
function untilReady(url: URL) {
  return until('the cluster to be ready', async () => {
    const info = String(await sendTo(url, 'CLUSTER', 'INFO').catch(() => ''))
    return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${MASTERS}`)
  })
}
