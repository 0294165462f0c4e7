import { existsSync, readdirSync } from 'node:fs'
import type { Consumer } from './consumer'

export interface Runtime {
  name: string
  /** The npm scope whose packages carry the program, one package for each platform. */
  scope: string
  /** Where such a package has it. */
  program: string
  /** What comes before the file to run. */
  args: string[]
}

export const otherRuntimes: Runtime[] = [
  { name: 'Bun', scope: '@oven', program: 'bin/bun', args: [] },
  { name: 'Deno', scope: '@deno', program: 'deno', args: ['run', '--allow-all'] },
]

/** The path of the runtime's program that npm has installed in a consumer; throws where none runs on this machine. */
export async function findProgram(consumer: Consumer, { name, scope, program }: Runtime) {
  const failures: string[] = []
  for (const path of listPrograms(consumer, scope, program)) {
    try {
      await consumer.run(path, '--version')
      return path
    } catch (error) {
      failures.push((error as Error).message)
    }
  }
  const reason = failures.join(' ') || `npm installed no package of ${scope}`
  throw new Error(`no ${name} for ${process.platform}-${process.arch}: ${reason}`)
}

function listPrograms(consumer: Consumer, scope: string, program: string) {
  const folder = consumer.path(`node_modules/${scope}`)
  const packages = existsSync(folder) ? readdirSync(folder) : []
  return packages.map((name) => consumer.path(`node_modules/${scope}/${name}/${program}`)).filter(existsSync)
}
