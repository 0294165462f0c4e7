import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InterruptibleServer } from '../contract'
import { isRunning, killProcess, startAnywhere, startProcess } from './own-process'

/** Starts a redis-server, or another server with its options, for one test. It keeps its records after a crash. */
export async function startPrivateRedis(
  program = 'redis-server',
  more: string[] = [],
): Promise<InterruptibleServer> {
  const folder = await mkdtemp(join(tmpdir(), 'private-redis-'))
  const records = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder]
  const settings = [...records, ...more]
  const run = (url: URL) =>
    startProcess(program, ['--bind', '127.0.0.1', '--port', url.port, ...settings], url)
  const dropFolder = () => rm(folder, { recursive: true, force: true })
  const started = await startAnywhere('redis', run).catch(async (err) => {
    await dropFolder()
    throw err
  })
  const [url] = started
  let child: ChildProcess = started[1]
  return {
    url,
    freeze: async () => void child.kill('SIGSTOP'),
    stop: () => killProcess(child),
    async start() {
      if (isRunning(child)) child.kill('SIGCONT')
      else child = await run(url)
    },
    async close() {
      await killProcess(child)
      await dropFolder()
    },
  }
}
