import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import session from '../../src'
import { SETTINGS } from '../support/settings'
import { readDocument, repository } from './markdown'

const text = readDocument('docs/options.md')
const cellsOf = (line: string) => line.split(/(?<!\\)\|/).map((cell) => cell.trim())
const documented = text
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map(cellsOf)

describe('docs/options.md', () => {
  it.each([
    ['session()', 'src/options/session-options.ts', ['key']],
    // No options: the first two have no effect on a session, the others belong to the cookie of a record.
    ['cookie', 'src/cookie/cookie.ts', ['signed', 'encode', 'originalMaxAge', 'configured']],
  ])('has a row for each option of %s', (_what, file, others) => {
    const source = readFileSync(join(repository, file), 'utf8')
    const [, body = ''] = /export interface \w*Options \{([\s\S]*?)\n\}/.exec(source) ?? []
    const names = [...body.matchAll(/^ {2}(\w+)\??[:(]/gm)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(8)
    const rows = documented.map(([, name = '']) => name.slice(1, -1))
    expect(names.filter((name) => !rows.includes(name) && !others.includes(name))).toEqual([])
  })

  it.each(documented.filter((cells) => cells.length === 6).map(([, name = '', , , error]) => [name, error]))(
    'says which values of %s are a TypeError: %s',
    (cell, error = '') => {
      const name = cell.slice(1, -1)
      const options = { ...SETTINGS, ...(WRONG[name] ?? { [name]: { wrong: true } }) }
      const create = () => session(options as never)
      if (error.startsWith('never')) expect(create).not.toThrow()
      else expect(create).toThrow(TypeError)
    },
  )
})

const inCookie = (name: string, value: unknown) => ({ cookie: { [name]: value } })

/** A wrong value, where an object is none or the option belongs to the cookie. */
const WRONG: Record<string, object> = {
  cookie: { cookie: 'lax' },
  maxAge: inCookie('maxAge', '60000'),
  expires: inCookie('expires', 'tomorrow'),
  httpOnly: inCookie('httpOnly', 'yes'),
  secure: inCookie('secure', 'yes'),
  sameSite: inCookie('sameSite', 'none of these'),
  path: inCookie('path', 'app'),
  domain: inCookie('domain', 'https://example.com'),
  partitioned: inCookie('partitioned', 'yes'),
  priority: inCookie('priority', 'highest'),
}
