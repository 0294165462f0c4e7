import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = join(__dirname, '../..')
// In node_modules, so that the build finds its dependencies.
const build = join(root, 'node_modules/.cache/bench-overhead')

describe('clearCookie, refreshCookie and cacheControl together', () => {
  it('add at most 10 % to what the session adds to a read', { timeout: 600_000 }, async () => {
    await run('npx', ['tsc', '-p', 'src', '--noCheck', '--outDir', build], { cwd: root })
    let least = await measureOverhead()
    // Measures again, since other processes may have slowed down the run.
    for (let again = 0; least > 1.1 && again < 4; again++) least = Math.min(least, await measureOverhead())
    expect(least).toBeLessThanOrEqual(1.1)
  })
})

async function measureOverhead(): Promise<number> {
  const args = ['--expose-gc', '--require', 'tsx/cjs', 'test/bench/overhead.ts']
  const { stdout } = await run(process.execPath, args, {
    cwd: root,
    env: { ...process.env, BENCH_OURS: build },
  })
  const { off, on } = JSON.parse(stdout)
  return on / off
}
