import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll } from 'vitest'
import { stagePackage } from '../support/package'

/** Runs an example in a separate process during a file's tests; returns a `fetch` for it that follows no redirects. */
export function useExample(name: string) {
  return runExample(name, false).visit
}

/** The same with a clock that `pass` sets forward by a number of milliseconds. */
export function useTimedExample(name: string) {
  return runExample(name, true)
}

function runExample(name: string, isTimed: boolean) {
  let address: string
  let example: ChildProcess

  beforeAll(async () => {
    const stage = stagePackage()
    example = startExample(join(stage, 'examples', name), isTimed)
    address = await readAddress(example)
    return async () => {
      await stop(example)
      rmSync(stage, { recursive: true })
    }
  })

  return {
    visit: (path: string, init?: RequestInit) => fetch(address + path, { redirect: 'manual', ...init }),
    async pass(ms: number) {
      example.send(ms)
      await once(example, 'message')
    },
  }
}

/** Returns the Cookie header for the client's request after this response. */
export function cookieOf(response: Response) {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

function startExample(folder: string, isTimed: boolean) {
  const clock = isTimed ? ['--require', join(__dirname, 'clock.cjs')] : []
  return spawn(process.execPath, [...clock, folder], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit', ...(isTimed ? (['ipc'] as const) : [])],
  })
}

async function readAddress(example: ChildProcess) {
  if (!example.stdout) throw new Error('the example has no output to read')
  for await (const line of createInterface(example.stdout)) {
    const [address] = /http:\S+/.exec(line) ?? []
    if (address) return address
  }
  throw new Error('the example ended without printing its address')
}

async function stop(example: ChildProcess) {
  if (example.exitCode !== null) return
  example.kill()
  await once(example, 'exit')
}
