import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { sign } from 'cookie-signature'
import { describe, expect, it } from 'vitest'
import { keyRing, prepareKeys, requestKeyRing } from '../src/keys'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')

const GOOD: [what: string, secret: unknown, asString: string][] = [
  ['a string', 'keyboard cat', 'keyboard cat'],
  ['a string beyond ASCII', 'clé 🔑', 'clé 🔑'],
  ['a Buffer', Buffer.from('keyboard cat'), 'keyboard cat'],
  ['a Uint8Array', new TextEncoder().encode('keyboard cat'), 'keyboard cat'],
  [
    'a DataView on a part',
    new DataView(new TextEncoder().encode('xkeyboard catx').buffer, 1, 12),
    'keyboard cat',
  ],
  ['a KeyObject', createSecretKey(Buffer.from('keyboard cat')), 'keyboard cat'],
]

const BAD: [what: string, secret: unknown, says: string][] = [
  ['an empty string', '', 'an empty string'],
  ['null', null, 'null'],
  ['undefined', undefined, 'undefined'],
  ['a number', 918_273_645, 'number'],
  ['a boolean', true, 'boolean'],
  ['an object', { toString: () => 'hunter2', secret: 'hunter2' }, 'object'],
  ['a function', () => 'hunter2', 'function'],
  ['an empty Buffer', Buffer.alloc(0), 'object'],
  ['an ArrayBuffer', new TextEncoder().encode('hunter2').buffer, 'object'],
  ['a public key', publicKey, 'object'],
  ['a private key', privateKey, 'object'],
  ['a nested array', ['hunter2'], 'object'],
]

describe('prepareKeys', () => {
  it.each(GOOD)('takes %s, and signs as cookie-signature does', (_what, secret, asString) => {
    const [key] = prepareKeys(secret)
    expect(sign('id', key as never)).toBe(sign('id', asString))
  })

  it('takes several, in their order', () => {
    const keys = prepareKeys(['new', Buffer.from('old')])
    expect(keys.map((key) => key.export().toString())).toEqual(['new', 'old'])
  })

  it.each(BAD)('refuses %s with a TypeError that says so and shows no value', (_what, secret, says) => {
    // Alone an array is a list of secrets.
    const forms = [...(Array.isArray(secret) ? [] : [secret]), [secret], ['real', secret]]
    for (const form of forms) {
      const message = messageOf(() => prepareKeys(form))
      expect(message).toContain(says)
      expect(message).toContain('32 random bytes')
      expect(message).not.toMatch(/hunter2|918273645|real/)
    }
  })

  it('refuses an empty array in the words of express-session', () => {
    const text = 'secret option array must contain one or more strings'
    expect(() => prepareKeys([])).toThrow(new TypeError(text))
  })
})

describe('keyRing', () => {
  it('has the keys of a secret, prepared once', () => {
    const keys = keyRing('one')
    expect(textsOf(keys())).toEqual(['one'])
    expect(keys()).toBe(keys())
  })

  it.each<[string, (secrets: string[]) => unknown, string[]]>([
    ['adds one', (secrets) => secrets.unshift('new'), ['new', 'one', 'two']],
    ['takes one away', (secrets) => secrets.pop(), ['one']],
    ['replaces one', (secrets) => secrets.splice(1, 1, 'other'), ['one', 'other']],
    ['changes their order', (secrets) => secrets.reverse(), ['two', 'one']],
  ])('follows who %s while the process runs', (_what, change, texts) => {
    const secrets = ['one', 'two']
    const keys = keyRing(secrets)
    expect(textsOf(keys())).toEqual(['one', 'two'])
    change(secrets)
    expect(textsOf(keys())).toEqual(texts)
    expect(keys()).toBe(keys())
  })

  it.each([[''], []])('refuses at once, and later too, what cannot sign', (...wrong) => {
    expect(() => keyRing(wrong)).toThrow(TypeError)
    const secrets = ['one']
    const keys = keyRing(secrets)
    secrets.splice(0, 1, ...wrong)
    for (let i = 0; i < 2; i++) expect(keys).toThrow(TypeError)
  })
})

describe('requestKeyRing', () => {
  it.each([undefined, null, '', 0, false])('has no keys where cookie-parser left %j', (secret) => {
    const keysOf = requestKeyRing()
    expect(keysOf(secret)).toBeUndefined()
    keysOf('one')
    expect(keysOf(secret)).toBeUndefined()
  })

  it('prepares a secret once, and another one anew', () => {
    const keysOf = requestKeyRing()
    expect(keysOf('one')).toBe(keysOf('one'))
    expect(['two', 'one', ['three', 'one']].map((secret) => textsOf(keysOf(secret)))).toEqual([
      ['two'],
      ['one'],
      ['three', 'one'],
    ])
  })

  it('refuses what cannot sign, each time, and does not answer with the keys of before', () => {
    const keysOf = requestKeyRing()
    keysOf('good')
    for (let i = 0; i < 2; i++) expect(() => keysOf(123)).toThrow(TypeError)
  })
})

function textsOf(keys: readonly KeyObject[] | undefined) {
  return keys?.map((key) => key.export().toString())
}

function messageOf(work: () => unknown): string {
  try {
    work()
  } catch (err) {
    expect(err).toBeInstanceOf(TypeError)
    return (err as Error).message
  }
  throw new Error('nothing was thrown')
}
