import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import express from '../../docs/bench/express.json'
import http from '../../docs/bench/http.json'
import { ADVICE, GONE_WRONG } from '../../src/diagnostics/codes'
import { documents, filesIn, readDocument, repository } from './markdown'
import { expectScript } from './shell'

describe.each(documents)('%s', (file) => {
  const text = readDocument(file)

  it('links only to files and headings that exist', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => target)
    expect(targets.filter((target) => !exists(file, target))).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    for (const [, script] of text.matchAll(/`npm run ([\w:-]+)/g)) expectScript(script)
  })
})

describe('README.md', () => {
  it('has at most 200 lines', () => {
    expect(readDocument('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200)
  })

  it('links to each page of docs', () => {
    const text = readDocument('README.md')
    expect(documents.filter((file) => isPage(file) && !text.includes(`](${file})`))).toEqual([])
  })

  it('has the ten differences in a table', () => {
    const [, section = ''] = readDocument('README.md').split('\n## Differences\n')
    expect(rowsOf(section.split('\n## ')[0] ?? '')).toHaveLength(10)
  })

  it('has the ratios of a read and a login that docs/bench has', () => {
    const text = readDocument('README.md').replaceAll('\n', ' ')
    const [read, login] = ['read', 'login'].map((scenario) => ratiosOf(scenario))
    expect(text).toContain(`a read costs ${read?.http} and a login ${login?.http} of express-session's time`)
    expect(text).toContain(`they cost ${read?.express} and ${login?.express}`)
  })
})

describe('each example', () => {
  const examples = readdirSync(join(repository, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

  it.each(examples)('%s has a short README with npm start, is in the list, and has a test', (name) => {
    const readme = readDocument(`examples/${name}/README.md`)
    expect(readme).toMatch(/^npm( install && npm)? start$/m)
    expect(readme.split('\n').length).toBeLessThan(60)
    expect(readDocument('examples/README.md')).toContain(`[${name}](${name})`)
    expect(testSources().some((source) => source.includes(`xample('${name}'`))).toBe(true)
  })
})

describe('CONTRIBUTING.md', () => {
  it('names only environment variables that the tests read', () => {
    const names = [...readDocument('CONTRIBUTING.md').matchAll(/`([A-Z][A-Z_]+)(=[^`]*)?`/g)].map(
      ([, name = '']) => name,
    )
    expect(names).toContain('REDIS_URL')
    expect(names.filter((name) => !testSources().some((source) => source.includes(name)))).toEqual([])
  })
})

describe('docs/diagnostics.md', () => {
  it('lists each code once, what has gone wrong and advice in a table each', () => {
    const [, wrong = '', advice = ''] = readDocument('docs/diagnostics.md').split(
      /\n## (?:What has gone wrong|Advice)\n/,
    )
    const codesOf = (section: string) => rowsOf(section).map(([code = '']) => code.replaceAll('`', ''))
    expect(codesOf(wrong)).toEqual([...GONE_WRONG])
    expect(codesOf(advice)).toEqual([...ADVICE])
  })
})

describe('each diagnostic', () => {
  it('is tested in test/diagnostics', () => {
    const tests = filesIn('test/diagnostics').filter((file) => file.endsWith('.test.ts'))
    const sources = tests.map(readDocument).join()
    expect([...GONE_WRONG, ...ADVICE].filter((code) => !sources.includes(`'${code}`))).toEqual([])
  })
})

describe('docs/typescript.md', () => {
  it.each([
    'src/index.ts',
    'src/stores/redis/index.ts',
    'src/stores/postgres/index.ts',
    'src/stores/cookie/index.ts',
    'src/testing.ts',
    'src/store-suite/index.ts',
  ])('names each type that %s exports', (file) => {
    const names = exportedTypes(readDocument(file))
    expect(names.length).toBeGreaterThan(1)
    const text = readDocument('docs/typescript.md')
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })
})

describe('docs/errors.md', () => {
  const section = (title: string) => readDocument('docs/errors.md').split(`\n## ${title}\n`)[1] ?? ''
  const messagesIn = (title: string) =>
    rowsOf(section(title)).flatMap(([cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
    )
  const sources = filesIn('src').map(readDocument).join()

  it('has only messages that the source has', () => {
    const [ofNode, ofUser, ...messages] = messagesIn('Messages without a code')
    expect([ofNode, ofUser]).toEqual([expect.stringContaining('Cannot read properties'), 'req.session'])
    expect(messages.length).toBeGreaterThan(10)
    const isKnown = (message: string) => message.split('...').every((part) => sources.includes(part))
    expect(messages.filter((message) => !isKnown(message))).toEqual([])
  })

  it('has each deprecation', () => {
    const texts = [...sources.matchAll(/[^c] deprecate\(['`](.+?)['`]\)/g)].map(([, text = '']) => text)
    expect(texts.length).toBeGreaterThan(3)
    const documented = messagesIn('Deprecations').join('\n')
    const isDocumented = (text: string) => documented.includes(text.replace(/\$\{name\}/g, 'resave'))
    expect(texts.filter((text) => !isDocumented(text))).toEqual([])
  })
})

describe('docs/performance.md', () => {
  it('has the ratios of docs/bench, and no others', () => {
    const [, section = ''] = readDocument('docs/performance.md').split('\n## CPU time')
    const rows = rowsOf(section.split('\n## ')[0] ?? '')
    const expected = express.costs.map(({ scenario }) => {
      const { express, http, floor } = ratiosOf(scenario)
      return [scenario, express, http, floor]
    })
    expect(rows).toEqual(expected)
  })
})

/** The names of the types that an entry of the package exports, by itself or from other files. */
function exportedTypes(source: string): string[] {
  const own = [...source.matchAll(/^export (?:interface|type|class) (\w+)/gm)]
  const lists = [...source.matchAll(/^ *export (type )?\{([^}]*)\}/gm)]
  return [
    ...own.map(([, name = '']) => name),
    ...lists.flatMap(([, isType, list = '']) =>
      [...list.matchAll(/(type )?(?:\w+ as )?(\w+),?/g)].flatMap(([, mark, name = '']) =>
        isType || mark || /^[A-Z]/.test(name) ? [name] : [],
      ),
    ),
  ]
}

/** Whether the README must link to the file. */
function isPage(file: string): boolean {
  return file.startsWith('docs/') || ['CONTRIBUTING.md', 'CHANGELOG.md', 'examples/README.md'].includes(file)
}

/** The texts of all TypeScript files in `test`, but not those of `test/docs`. */
function testSources(): string[] {
  const names = filesIn('test').filter((name) => name.endsWith('.ts') && !name.startsWith('test/docs'))
  return names.map((name) => readFileSync(join(repository, name), 'utf8'))
}

/** The ratios of a scenario as the documentation prints them. */
function ratiosOf(scenario: string) {
  const [below, above] = [express, http].map(({ costs }) => costs.find((cost) => cost.scenario === scenario))
  if (!below || !above) throw new Error(`docs/bench has no scenario "${scenario}"`)
  const floor = above.floor === 0 ? '-' : (above.floor / above.upstream).toFixed(2)
  return { express: show(below.ratio), http: show(above.ratio), floor }
}

function show(ratio: number): string {
  return ratio < 0 ? 'below 0' : ratio.toFixed(2)
}

/** The rows of the first Markdown table in a text, without its head. */
function rowsOf(text: string): string[][] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith('| -'))
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => !line.startsWith('|'))
  return rest.slice(0, end === -1 ? rest.length : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

function exists(file: string, target: string): boolean {
  const [path = '', heading] = target.split('#')
  const found = path === '' ? file : join(dirname(file), path)
  if (!existsSync(join(repository, found))) return false
  return heading === undefined || headingsOf(found).includes(heading)
}

/** The anchors that GitHub makes of a file's headings. */
function headingsOf(file: string): string[] {
  const headings = [...readDocument(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
