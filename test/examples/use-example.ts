import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { beforeAll, expect } from 'vitest'
import { repository } from '../docs/markdown'
import { stagePackage } from '../support/package'

interface Options {
  env?: NodeJS.ProcessEnv
  /** A folder of the repository whose packages the example uses. Default: the repository itself. */
  packages?: string
  /** A file that is loaded before the example. */
  preload?: string
  isTimed?: boolean
  /** Run it in the repository, where its packages were installed and the package was built. Default: in a copy. */
  isInPlace?: boolean
  /** Codes of diagnostics that the example is told, because it is started with a mistake. Default: none. */
  mistakes?: string[]
}

/** Runs an example in a separate process during a file's tests; returns a `fetch` for it that follows no redirects. */
export function useExample(name: string, options: Options = {}) {
  return runExample(name, options).visit
}

/** The same with a clock that `pass` sets forward by a number of milliseconds. */
export function useTimedExample(name: string) {
  return runExample(name, { isTimed: true })
}

/** The same with the address of the example and the lines that it has printed. */
export function runExample(name: string, options: Options = {}) {
  let address: string
  let stage: string
  let example: ChildProcess
  const lines: string[] = []
  const told: string[] = []

  beforeAll(async () => {
    stage = options.isInPlace ? repository : stageExamples(options.packages)
    example = startExample(join(stage, 'examples'), name, options, told)
    address = await readAddress(example, lines)
    return async () => {
      await stop(example)
      if (!options.isInPlace) rmSync(stage, { recursive: true })
      // No example makes a mistake, and none needs advice.
      const { mistakes = [] } = options
      expect(told.filter((line) => !mistakes.some((code) => line.includes(code)))).toEqual([])
    }
  })

  return {
    visit: (path: string, init?: RequestInit) => fetch(address + path, { redirect: 'manual', ...init }),
    addressOf: () => address,
    /** The folder in which the package and the examples are. */
    stageOf: () => stage,
    lines,
    /** The diagnostics that it was told: their codes and messages. */
    told,
    async pass(ms: number) {
      example.send(ms)
      await once(example, 'message')
    },
  }
}

/** Builds the package in a new folder with the examples, which find it and their own packages in `examples/node_modules`. */
export function stageExamples(packages = '.') {
  const stage = stagePackage()
  const modules = join(stage, 'examples/node_modules')
  mkdirSync(modules)
  const source = join(repository, packages, 'node_modules')
  for (const entry of readdirSync(source)) symlinkSync(join(source, entry), join(modules, entry))
  symlinkSync(stage, join(modules, 'sessionware'))
  return stage
}

/** Returns the Cookie header for the client's request after this response. */
export function cookieOf(response: Response) {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

function startExample(examples: string, name: string, { env, preload, isTimed }: Options, told: string[]) {
  const folder = join(examples, name)
  const preloads = [
    join(__dirname, 'told.cjs'),
    ...(isTimed ? [join(__dirname, 'clock.cjs')] : []),
    ...(preload ? [preload] : []),
    ...(existsSync(join(folder, 'index.ts')) ? [require.resolve('tsx/cjs')] : []),
  ]
  const args = [...preloads.flatMap((file) => ['--require', file]), folder]
  const example = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(isTimed ? (['ipc'] as const) : [])],
  })
  createInterface(example.stderr as Readable).on('line', (line) => {
    if (line.startsWith('[told] ')) told.push(line)
    else console.error(line)
  })
  return example
}

async function readAddress(example: ChildProcess, lines: string[]): Promise<string> {
  const { stdout } = example
  if (!stdout) throw new Error('the example has no output to read')
  const printed = createInterface(stdout).on('line', (line) => lines.push(line))
  return new Promise((resolve, reject) => {
    printed.on('line', (line) => {
      const [address] = /https?:\S+/.exec(line) ?? []
      if (address) resolve(address)
    })
    printed.on('close', () => reject(new Error('the example ended without printing its address')))
  })
}

async function stop(example: ChildProcess) {
  if (example.exitCode !== null || example.signalCode !== null) return
  example.kill()
  await once(example, 'exit')
}
