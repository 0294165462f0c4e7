import { sign } from 'cookie-signature'
import { describe, expect, it } from 'vitest'
import { IdCodec } from '../../../src/cookie/id-codec'
import { prepareKeys } from '../../../src/cookie/keys'
import { readIds } from '../../../src/cookie/read-ids'
import type { SessionRequest } from '../../../src/session/attach'

const NAME = 'connect.sid'
const [OLD, NEW] = ['old secret', 'new secret']
const A = pair('a')
const B = pair('b')

interface ReadOptions {
  name?: string
  secrets?: string[]
  parts?: object
}

const HEADERS: [what: string, header: string, ids: string[]][] = [
  ['the one cookie', A, ['a']],
  ['other cookies around it', `theme=dark; ${A}; lang=en`, ['a']],
  ['no blank after the semicolon', `theme=dark;${A};lang=en`, ['a']],
  ['blanks and tabs around the name and the value', `x=1;\t ${NAME} \t=  ${value('a')} \t; y=2`, ['a']],
  ['a quoted value', `${NAME}="${value('a')}"`, ['a']],
  ['a value that is not encoded', `${NAME}=s:${sign('a', NEW)}`, ['a']],
  ['two cookies with the name, in their order', `${B}; ${A}`, ['b', 'a']],
  ['the same id twice', `${A}; ${A}; ${B}`, ['a', 'b']],
  ['a forged cookie before the valid one', `${pair('evil', 'guess')}; ${A}`, ['a']],
  ['an unsigned cookie before the valid one', `${NAME}=a; ${A}`, ['a']],
  ['an empty cookie before the valid one', `${NAME}=; ${A}`, ['a']],
  ['a name that ends with the cookie’s name', `x${A}`, []],
  ['a name that begins with the cookie’s name', `${NAME}2=${value('a')}`, []],
  ['a name that differs in a character', `connect_sid=${value('a')}`, []],
  ['the name in another case', `Connect.Sid=${value('a')}`, []],
  ['the name inside a value', `x=${NAME}=${value('a')}`, []],
  ['the name inside a quoted value', `x="y ${A}"`, []],
  ['the name after a comma', `x=1,${A}`, []],
  ['the name alone', NAME, []],
  ['the name and no value', `${NAME}=`, []],
  ['the name before a semicolon', `${NAME}; =${value('a')}`, []],
  ['a quote at the end alone', `${NAME}=x${value('a')}"`, []],
  ['a quote at the start alone', `${NAME}="${value('a')}x`, []],
  ['a lone quote', `${NAME}="`, []],
  ['a quote that is not closed', `${NAME}="${value('a')}`, []],
  ['a broken escape', `${NAME}=%E0%A4%A; ${A}`, ['a']],
  ['an encoded name', `connect%2Esid=${value('a')}`, []],
  ['a signature alone', `${NAME}=s:.${sign('', NEW).slice(1)}`, []],
  ['a signature with bytes appended', `${NAME}=s:${sign('a', NEW)}x`, []],
  ['a signature cut short', `${NAME}=s:${sign('a', NEW).slice(0, -1)}`, []],
  ['no signature', `${NAME}=s:a`, []],
  ['another prefix', `${NAME}=j:${sign('a', NEW)}`, []],
  ['nothing but separators', ';;; ;=;;', []],
  ['an id with a dot', pair('a.b.c'), ['a.b.c']],
  ['an id with a semicolon, encoded', pair('a;b=c d'), ['a;b=c d']],
]

describe('readIds', () => {
  it.each(HEADERS)('reads a header with %s', (_what, header, ids) => {
    expect(read(header)).toEqual(ids)
  })

  it.each([undefined, ''])('finds no id in the header %j', (header) => {
    expect(read(header)).toEqual([])
  })

  it.each(['$', '.*', 'a|b', '!#$%&*^`~'])('does not treat the name %s as a pattern', (name) => {
    expect(read(`aa=1; ${name}=${value('a')}`, { name })).toEqual(['a'])
  })

  it('verifies with each key in turn', () => {
    const header = `${pair('c', 'never used')}; ${pair('b', OLD)}; ${pair('a', NEW)}`
    expect(read(header, { secrets: [NEW, OLD] })).toEqual(['b', 'a'])
    expect(read(header, { secrets: [NEW] })).toEqual(['a'])
  })

  it('checks a bounded number of cookies with its name', () => {
    const forged = (count: number) => `${NAME}=s:x.y; `.repeat(count)
    expect(read(forged(15) + A)).toEqual(['a'])
    expect(read(forged(16) + A)).toEqual([])
  })

  it('gives at most three ids, and counts an id that comes again only once', () => {
    const many = Array.from({ length: 40 }, (_, i) => pair(`id${i}`)).join('; ')
    expect(read(many)).toEqual(['id0', 'id1', 'id2'])
    expect(read(`${A}; ${A}; ${A}; ${B}; ${pair('c')}; ${pair('d')}`)).toEqual(['a', 'b', 'c'])
    expect(read(`${NAME}=s:x.y; ${NAME}=x; ${NAME}=; ${NAME}=s:; ${A}`)).toEqual(['a'])
  })

  it.each([
    [4096, 1],
    [4097, 0],
  ])('finds the id in a value of at most 4096 characters: of %i, %i', (length, count) => {
    const ids = Array.from({ length: 1000 }, (_, i) => `${i}`.padEnd(4030 + (i % 20), 'a'))
    const id = ids.find((each) => value(each).length === length) as string
    expect(read(pair(id))).toEqual([id].slice(0, count))
  })

  it('skips a value longer than browsers store, and reads the next one', () => {
    expect(read(pair('a'.repeat(3900)))).toEqual(['a'.repeat(3900)])
    expect(read(`${pair('a'.repeat(60_000))}; ${B}`)).toEqual(['b'])
  })

  it.each([
    ['names', `${NAME} `.repeat(5000)],
    ['blanks', `${NAME}${' '.repeat(60_000)}`],
    ['pairs', `${NAME}=;`.repeat(4600)],
    ['semicolons', ';'.repeat(60_000)],
    ['escapes', `${NAME}=${'%'.repeat(60_000)}`],
  ])('reads 60 kB of %s quickly', (_what, header) => {
    const start = process.cpuUsage()
    expect(read(header)).toEqual([])
    // CPU time of this process, in microseconds: other processes do not add to it.
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000)
  })
})

describe('a cookie that cookie-parser read and removed from the header', () => {
  const plain = `s:${sign('a', NEW)}`

  it.each<[string, object, string[]]>([
    ['a signed cookie', { signedCookies: { [NAME]: 'a' } }, ['a']],
    ['a plain cookie with a valid signature', { cookies: { [NAME]: plain } }, ['a']],
    [
      'both, of which the signed one is used',
      { signedCookies: { [NAME]: 'b' }, cookies: { [NAME]: plain } },
      ['b'],
    ],
    ['a signed cookie that failed', { signedCookies: { [NAME]: false }, cookies: { [NAME]: plain } }, ['a']],
    ['an empty signed cookie', { signedCookies: { [NAME]: '' }, cookies: {} }, []],
    ['a forged plain cookie', { cookies: { [NAME]: `s:${sign('a', 'guess')}` } }, []],
    ['an unsigned plain cookie', { cookies: { [NAME]: 'a' } }, []],
    ['an object in a JSON cookie', { signedCookies: { [NAME]: { a: 1 } }, cookies: { [NAME]: {} } }, []],
    ['an id of 60 kB', { signedCookies: { [NAME]: 'a'.repeat(60_000) } }, []],
    ['other cookies', { signedCookies: {}, cookies: { theme: 'dark' } }, []],
  ])('is read when it is %s', (_what, parts, ids) => {
    expect(read(undefined, { parts })).toEqual(ids)
    expect(read('theme=dark', { parts })).toEqual(ids)
  })

  it('is ignored when the header has the id', () => {
    expect(read(A, { parts: { signedCookies: { [NAME]: 'b' } } })).toEqual(['a'])
  })
})

function value(id: string, secret = NEW as string) {
  return encodeURIComponent(`s:${sign(id, secret)}`)
}

function pair(id: string, secret?: string) {
  return `${NAME}=${value(id, secret)}`
}

function read(header: string | undefined, { name = NAME, secrets = [NEW], parts = {} }: ReadOptions = {}) {
  const req = { headers: header === undefined ? {} : { cookie: header }, ...parts }
  const codec = new IdCodec(prepareKeys(secrets))
  return readIds(req as SessionRequest, name, codec).map(({ id }) => id)
}
