import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const repository = join(__dirname, '../..')

/** The Markdown files of the project, relative to the repository. */
export const documents = [...markdownIn('.', false), ...markdownIn('docs'), ...markdownIn('examples')]

/** A code block of a Markdown file. */
export interface Block {
  file: string
  line: number
  /** The text after the opening fence, for example `js`; empty if there is none. */
  language: string
  text: string
  /** The file name in a comment on the first line (`// app.js`), if there is one. */
  name: string | undefined
}

export function readDocument(file: string): string {
  return readFileSync(join(repository, file), 'utf8')
}

/** Returns all code blocks of a Markdown file. Throws if a block has no closing fence. */
export function blocksOf(file: string): Block[] {
  return parseBlocks(readDocument(file), file)
}

/** Returns all code blocks of a Markdown text. */
export function parseBlocks(markdown: string, file: string): Block[] {
  const blocks: Block[] = []
  let open: { fence: string; language: string; line: number; lines: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const [, fence, info = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(text) ?? []
    if (!open && fence) open = { fence, language: info.trim(), line: index + 1, lines: [] }
    else if (open && fence?.startsWith(open.fence) && info.trim() === '') {
      blocks.push(toBlock(file, open))
      open = undefined
    } else open?.lines.push(text)
  }
  if (open) throw new Error(`${file}:${open.line}: the code block has no closing fence`)
  return blocks
}

function toBlock(file: string, open: { language: string; line: number; lines: string[] }): Block {
  const { language, line, lines } = open
  const [, name] = /^\/\/ ([\w.-]+\.[a-z]+)$/.exec(lines[0] ?? '') ?? []
  return { file, line, language, text: `${lines.join('\n')}\n`, name }
}

function markdownIn(folder: string, recursive = true): string[] {
  return filesIn(folder, recursive).filter((name) => name.endsWith('.md'))
}

/**
 * The files of a folder of the repository, without installed packages: an example that was installed has a link to the
 * repository, so that the folders below it have no end.
 */
export function filesIn(folder: string, recursive = true): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name)
    if (!entry.isDirectory()) return [name]
    return recursive && entry.name !== 'node_modules' ? filesIn(name) : []
  })
}
