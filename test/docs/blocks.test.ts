import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json'
import { stagePackage } from '../support/package'
import { type Block, blocksOf, documents, parseBlocks } from './markdown'
import { compile, expectCounter, programs, userOf } from './programs'
import { createProject, type Project, writeBlocks } from './project'
import { checkCommands } from './shell'

const blocks = documents.flatMap(blocksOf)

let stage: string
let project: Project
beforeAll(() => {
  stage = stagePackage()
  project = createProject(stage)
  writeBlocks(project, blocks)
})
afterAll(() => {
  project?.remove()
  rmSync(stage, { recursive: true })
})

describe('the code blocks of the documentation', () => {
  it.each(blocks)('work as they are written: $file:$line ($language)', async (block) => {
    await checkBlock(block)
  })

  it('fail this test if their language is not known', async () => {
    const [block] = parseBlocks('```py\nprint(1)\n```', 'some.md')
    await expect(checkBlock(block as Block)).rejects.toThrow('some.md:1: no test runs code blocks of "py"')
  })

  it('fail this test if they are JavaScript for which no check is written', async () => {
    const [block] = parseBlocks('```js\n// unknown.js\n```', 'some.md')
    await expect(checkBlock(block as Block)).rejects.toThrow('some.md:1: no check is written for unknown.js')
  })

  it('include the file of each check', () => {
    const names = blocks.map((block) => block.name)
    expect(names).toEqual(expect.arrayContaining(Object.keys(programs)))
  })
})

describe('the README', () => {
  it('has an example that does not compile without its declaration of SessionData', () => {
    const { text } = find('app.ts')
    project.write('undeclared.ts', text.replace(/declare module[\s\S]*?\n}\n/, ''))
    expect(compile(project, ['undeclared.ts'])).toContain("Property 'views' does not exist")
  })
})

describe('docs/typescript.md', () => {
  it('has a declaration that replaces the types of the package in a .d.ts file without the import', () => {
    const { text } = find('session-data.ts')
    project.write('session-data.d.ts', text.replace(/^import .*\n/m, ''))
    project.write('without-import.ts', "import session from 'sessionware'\nsession()\n")
    expect(compile(project, ['without-import.ts'])).toBe('')
    expect(compile(project, ['session-data.d.ts', 'without-import.ts'])).toContain(
      'This expression is not callable',
    )
  })
})

const kinds: Record<string, (block: Block) => unknown> = {
  async js({ file, line, name = 'a block without a file name' }) {
    const check = programs[name]
    if (!check) throw new Error(`${file}:${line}: no check is written for ${name}`)
    await check(project, `${project.folder}/${name}`)
  },
  ts({ name = '' }) {
    expect(compile(project, [name])).toBe('')
  },
  async json({ file, text }) {
    const value = JSON.parse(text)
    if (value.overrides) checkOverrides(value)
    else if (value.dependencies) await checkDependencies(value.dependencies)
    else if (value.cookie) await checkRecord(text, value)
    else throw new Error(`${file}: neither a package.json nor a session record: ${text}`)
  },
  sh: ({ text }) => checkCommands(text),
}

async function checkBlock(block: Block): Promise<void> {
  const { file, line, language } = block
  const check = kinds[language]
  if (!check) throw new Error(`${file}:${line}: no test runs code blocks of "${language}"`)
  await check(block)
}

/** Installs the package under the name in the README, without express-session, and runs the first example with it. */
async function checkDependencies(dependencies: Record<string, string>): Promise<void> {
  expect(Object.entries(dependencies)).toHaveLength(1)
  const [[name, source] = ['', '']] = Object.entries(dependencies)
  const [, target, range] = /^npm:(.+)@\^([\d.]+)$/.exec(source) ?? []
  expect(target).toBe(manifest.name)
  expect(isInCaretRange(manifest.version, range ?? '')).toBe(true)

  const switched = createProject(stage, name)
  try {
    const { text } = find('app.js')
    await expectCounter(switched.write('app.js', text.replace(`'${manifest.name}'`, `'${name}'`)))
    expect(() => switched.require(manifest.name)).toThrow('Cannot find module')
  } finally {
    switched.remove()
  }
}

/** The override must name the dependency. The consumer tests install such a project. */
function checkOverrides({ dependencies, overrides }: Record<string, Record<string, string>>): void {
  expect(Object.keys(dependencies ?? {})).toEqual([manifest.name])
  expect(overrides).toEqual({ '@types/express-session': `$${manifest.name}` })
}

/** The middleware must load the record before its end, and not after it. */
async function checkRecord(text: string, { user, cookie }: { user: string; cookie: { expires: string } }) {
  const end = new Date(cookie.expires).getTime()
  expect(await userOf(project, text, new Date(end - 1))).toBe(JSON.stringify(user))
  expect(await userOf(project, text, new Date(end))).toBe('null')
}

function isInCaretRange(version: string, range: string): boolean {
  const [major, ...rest] = version.split('.').map(Number)
  const [wanted, ...least] = range.split('.').map(Number)
  const isNewer = rest.join().localeCompare(least.join(), 'en', { numeric: true }) >= 0
  return major === wanted && isNewer
}

function find(name: string): Block {
  const block = blocks.find((each) => each.name === name)
  if (!block) throw new Error(`no code block of the documentation starts with "// ${name}"`)
  return block
}
