import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import manifest from '../../package.json'
import { repository } from './markdown'

/** Checks the commands of a shell block: each npm script must exist, and each package must be one that tests install. */
export function checkCommands(text: string): void {
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*/, '').trim())
  const commands = lines.flatMap((line) => line.split('&&')).map((command) => command.trim())
  for (const command of commands.filter(Boolean)) checkCommand(command)
}

function checkCommand(command: string): void {
  if (command.startsWith('node -p ')) return expectKey(command)
  // Values of environment variables may come first.
  const [program, action, ...args] = command.split(/\s+/).filter((word) => !/^[A-Z_]+=/.test(word))
  if (program !== 'npm') throw new Error(`no test knows this command: ${command}`)
  switch (action) {
    case 'ci':
      return expect(existsSync(join(repository, 'package-lock.json'))).toBe(true)
    case 'install':
      return expect([manifest.name, ...Object.keys(manifest.devDependencies)]).toEqual(
        expect.arrayContaining(args),
      )
    case 'run':
      return expectScript(args[0])
    default:
      return expectScript(action)
  }
}

/** The command that makes a key for the cookie store prints 32 bytes in base64url. */
function expectKey(command: string): void {
  expect(execSync(command, { encoding: 'utf8' })).toMatch(/^[\w-]{43}\n$/)
}

/** Fails if package.json has no script of this name. */
export function expectScript(name = ''): void {
  expect(Object.keys(manifest.scripts)).toContain(name)
}
