import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(__dirname, '../../src')

/**
 * The import rule: each room of the source, and the rooms that its files may import. A room is a folder of `src`, or a
 * file that stands beside the folders.
 */
const ROOMS: Record<string, string[]> = {
  diagnostics: ['policy'],
  policy: [],
  'recent-map': [],
  cookie: ['diagnostics', 'policy', 'recent-map'],
  types: ['cookie'],
  response: ['types'],
  'store-guard': ['cookie', 'diagnostics', 'policy', 'recent-map', 'types'],
  session: ['cookie', 'diagnostics', 'policy', 'recent-map', 'store-guard', 'types'],
  listing: ['cookie', 'diagnostics', 'policy', 'session', 'store-guard', 'types'],
  stores: ['cookie', 'diagnostics', 'policy', 'recent-map', 'session', 'store-guard', 'types'],
  options: ['cookie', 'diagnostics', 'policy', 'session', 'store-guard', 'stores', 'types'],
  request: [
    'cookie',
    'diagnostics',
    'options',
    'policy',
    'recent-map',
    'response',
    'session',
    'store-guard',
    'types',
  ],
  index: ['cookie', 'diagnostics', 'listing', 'options', 'request', 'session', 'stores', 'types'],
  // The other entries of the package. No room imports them.
  testing: ['cookie', 'session', 'store-guard', 'types'],
  'store-suite': ['cookie', 'session', 'store-guard', 'types'],
  compat: ['cookie', 'session', 'stores'],
}

describe('the import rule', () => {
  it('has a row for each room of the source, and only for those', () => {
    expect(Object.keys(ROOMS).sort()).toEqual([...new Set(sourceFiles().map(roomOf))].sort())
  })

  it('lets no two rooms import each other, directly or through others', () => {
    const settled = new Set<string>()
    for (const _ of Object.keys(ROOMS)) {
      for (const [room, rooms] of Object.entries(ROOMS)) {
        if (rooms.every((other) => settled.has(other))) settled.add(room)
      }
    }
    expect([...settled].sort()).toEqual(Object.keys(ROOMS).sort())
  })

  it.each(sourceFiles())('holds for %s', (file) => {
    const room = roomOf(file)
    const others = importsOf(file)
      .map(roomOf)
      .filter((other) => other !== room)
    expect(others.filter((other) => !ROOMS[room]?.includes(other))).toEqual([])
  })
})

/** The files of the source, relative to it. */
function sourceFiles(): string[] {
  const entries = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  return entries.filter((entry) => entry.endsWith('.ts'))
}

function roomOf(file: string): string {
  return (file.split('/')[0] as string).replace(/\.ts$/, '')
}

/** The files of the source that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8')
  const paths = [...text.matchAll(/(?:from|import|require\()\s*\(?'(\.[^']*)'/g)].map(
    ([, path]) => path as string,
  )
  return paths.map((path) => relative(SRC, resolve(SRC, dirname(file), path)))
}
