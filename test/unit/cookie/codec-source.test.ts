import { sign } from 'cookie-signature'
import { describe, expect, it } from 'vitest'
import { codecSource, type IdCodec, requestCodecSource } from '../../../src/cookie/id-codec'

const KNOWN = ['one', 'two', 'three', 'new', 'other']

describe('codecSource', () => {
  it('has the codec of a secret, made once', () => {
    const codecNow = codecSource('one')
    expect(secretsOf(codecNow())).toEqual({ signs: 'one', verifies: ['one'] })
    expect(codecNow()).toBe(codecNow())
  })

  it.each<[string, (secrets: string[]) => unknown, string, string[]]>([
    ['adds one', (secrets) => secrets.unshift('new'), 'new', ['one', 'two', 'new']],
    ['takes one away', (secrets) => secrets.pop(), 'one', ['one']],
    ['replaces one', (secrets) => secrets.splice(1, 1, 'other'), 'one', ['one', 'other']],
    ['changes their order', (secrets) => secrets.reverse(), 'two', ['one', 'two']],
  ])('follows who %s while the process runs', (_what, change, signs, verifies) => {
    const secrets = ['one', 'two']
    const codecNow = codecSource(secrets)
    expect(secretsOf(codecNow())).toEqual({ signs: 'one', verifies: ['one', 'two'] })
    change(secrets)
    expect(secretsOf(codecNow())).toEqual({ signs, verifies })
    expect(codecNow()).toBe(codecNow())
  })

  it.each([[''], []])('refuses at once, and later too, what cannot sign', (...wrong) => {
    expect(() => codecSource(wrong)).toThrow(TypeError)
    const secrets = ['one']
    const codecNow = codecSource(secrets)
    secrets.splice(0, 1, ...wrong)
    for (let i = 0; i < 2; i++) expect(codecNow).toThrow(TypeError)
  })
})

describe('requestCodecSource', () => {
  it.each([undefined, null, '', 0, false])('has no codec where cookie-parser left %j', (secret) => {
    const codecOf = requestCodecSource()
    expect(codecOf(secret)).toBeUndefined()
    codecOf('one')
    expect(codecOf(secret)).toBeUndefined()
  })

  it('makes the codec of a secret once, and that of another one anew', () => {
    const codecOf = requestCodecSource()
    expect(codecOf('one')).toBe(codecOf('one'))
    expect(['two', 'one', ['three', 'one']].map((secret) => secretsOf(codecOf(secret))?.verifies)).toEqual([
      ['two'],
      ['one'],
      ['one', 'three'],
    ])
  })

  it('refuses what cannot sign, each time, and does not answer with the codec of before', () => {
    const codecOf = requestCodecSource()
    codecOf('good')
    for (let i = 0; i < 2; i++) expect(() => codecOf(123)).toThrow(TypeError)
  })
})

/** Which of the known secrets a codec signs with, and which it verifies. */
function secretsOf(codec: IdCodec | undefined) {
  return {
    signs: KNOWN.find((secret) => codec?.encode('a') === cookieText(secret)),
    verifies: KNOWN.filter((secret) => codec?.decode(cookieText(secret))),
  }
}

function cookieText(secret: string) {
  return encodeURIComponent(`s:${sign('a', secret)}`)
}
