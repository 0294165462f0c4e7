import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Block, repository } from './markdown'

export type Project = ReturnType<typeof createProject>

/**
 * Creates the folder of an application: the staged package is installed in it under the given name, next to the
 * packages of this repository except express-session.
 */
export function createProject(stage: string, name = 'sessionware') {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'))
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const entry of readdirSync(join(repository, 'node_modules'))) {
    if (entry !== 'express-session')
      symlinkSync(join(repository, 'node_modules', entry), join(modules, entry))
  }
  symlinkSync(stage, join(modules, name))

  return {
    folder,
    /** Writes a text to a file and returns its path. */
    write(file: string, text: string) {
      const path = join(folder, file)
      writeFileSync(path, text)
      return path
    },
    /** Loads a file of this project (`./map-store.js`) or a package that is installed in it. */
    require: createRequire(join(folder, 'index.js')),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Writes each named block to a file of that name. Throws if two blocks have the same name. */
export function writeBlocks(project: Project, blocks: Block[]): void {
  const names = new Set<string>()
  for (const { file, line, name, text } of blocks) {
    if (name === undefined) continue
    if (names.has(name)) throw new Error(`${file}:${line}: there is another block named ${name}`)
    names.add(name)
    project.write(name, text)
  }
}
