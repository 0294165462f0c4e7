import { sign } from 'cookie-signature'
import { describe, expect, it } from 'vitest'
import { codecSource, type IdCodec, requestCodecSource } from '../../../src/cookie/id-codec'

const KNOWN = ['one', 'two', 'three', 'new', 'other']

describe('codecSource', () => {
  it('returns the same codec for a secret each time', () => {
    const codecNow = codecSource('one')
    expect(secretsOf(codecNow())).toEqual({ signs: 'one', verifies: ['one'] })
    expect(codecNow()).toBe(codecNow())
  })

  it.each<[string, (secrets: string[]) => unknown, string, string[]]>([
    ['an added secret', (secrets) => secrets.unshift('new'), 'new', ['one', 'two', 'new']],
    ['a removed secret', (secrets) => secrets.pop(), 'one', ['one']],
    ['a replaced secret', (secrets) => secrets.splice(1, 1, 'other'), 'one', ['one', 'other']],
    ['a changed order', (secrets) => secrets.reverse(), 'two', ['one', 'two']],
  ])('uses %s in the array while the process runs', (_what, change, signs, verifies) => {
    const secrets = ['one', 'two']
    const codecNow = codecSource(secrets)
    expect(secretsOf(codecNow())).toEqual({ signs: 'one', verifies: ['one', 'two'] })
    change(secrets)
    expect(secretsOf(codecNow())).toEqual({ signs, verifies })
    expect(codecNow()).toBe(codecNow())
  })

  it.each([[''], []])('throws for an invalid secret, at once or when the array changes', (...wrong) => {
    expect(() => codecSource(wrong)).toThrow(TypeError)
    const secrets = ['one']
    const codecNow = codecSource(secrets)
    secrets.splice(0, 1, ...wrong)
    for (let i = 0; i < 2; i++) expect(codecNow).toThrow(TypeError)
  })
})

describe('requestCodecSource', () => {
  it.each([undefined, null, '', 0, false])('returns no codec when req.secret is %j', (secret) => {
    const codecOf = requestCodecSource()
    expect(codecOf(secret)).toBeUndefined()
    codecOf('one')
    expect(codecOf(secret)).toBeUndefined()
  })

  it('creates a codec once for the same secret, and a new one for another', () => {
    const codecOf = requestCodecSource()
    expect(codecOf('one')).toBe(codecOf('one'))
    expect(['two', 'one', ['three', 'one']].map((secret) => secretsOf(codecOf(secret))?.verifies)).toEqual([
      ['two'],
      ['one'],
      ['one', 'three'],
    ])
  })

  it('throws for an invalid secret each time, instead of returning the previous codec', () => {
    const codecOf = requestCodecSource()
    codecOf('good')
    for (let i = 0; i < 2; i++) expect(() => codecOf(123)).toThrow(TypeError)
  })
})

/** Returns which of the known secrets a codec signs with, and which ones it verifies. */
function secretsOf(codec: IdCodec | undefined) {
  return {
    signs: KNOWN.find((secret) => codec?.encode('a') === cookieText(secret)),
    verifies: KNOWN.filter((secret) => codec?.decode(cookieText(secret))),
  }
}

function cookieText(secret: string) {
  return encodeURIComponent(`s:${sign('a', secret)}`)
}
