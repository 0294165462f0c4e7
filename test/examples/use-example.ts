import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll } from 'vitest'
import { stagePackage } from '../support/package'

/** Runs an example in a separate process during a file's tests; returns a `fetch` for it that follows no redirects. */
export function useExample(name: string) {
  let address: string

  beforeAll(async () => {
    const stage = stagePackage()
    const example = startExample(join(stage, 'examples', name))
    address = await readAddress(example)
    return async () => {
      await stop(example)
      rmSync(stage, { recursive: true })
    }
  })

  return (path: string, init?: RequestInit) => fetch(address + path, { redirect: 'manual', ...init })
}

/** Returns the Cookie header for the client's request after this response. */
export function cookieOf(response: Response) {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

function startExample(folder: string) {
  return spawn(process.execPath, [folder], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
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
