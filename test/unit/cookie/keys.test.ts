import { createSecretKey, generateKeyPairSync, webcrypto } from 'node:crypto'
import { sign } from 'cookie-signature'
import { describe, expect, it } from 'vitest'
import { prepareKeys } from '../../../src/cookie/keys'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')

const GOOD: [what: string, secret: unknown, asString: string][] = [
  ['a string', 'keyboard cat', 'keyboard cat'],
  ['a string with characters outside ASCII', 'clé 🔑', 'clé 🔑'],
  ['a Buffer', Buffer.from('keyboard cat'), 'keyboard cat'],
  ['a Uint8Array', new TextEncoder().encode('keyboard cat'), 'keyboard cat'],
  [
    'a DataView on a part',
    new DataView(new TextEncoder().encode('xkeyboard catx').buffer, 1, 12),
    'keyboard cat',
  ],
  ['an ArrayBuffer', new TextEncoder().encode('keyboard cat').buffer, 'keyboard cat'],
  ['a KeyObject', createSecretKey(Buffer.from('keyboard cat')), 'keyboard cat'],
  ['a string of one character', 'k', 'k'],
  ['a Buffer of one byte', Buffer.from('k'), 'k'],
  ['a KeyObject of one byte', createSecretKey(Buffer.from('k')), 'k'],
]

const BAD: [what: string, secret: unknown, says: string][] = [
  ['an empty string', '', 'an empty string'],
  ['null', null, 'null'],
  ['undefined', undefined, 'undefined, perhaps from an environment variable that is not set'],
  ['a number', 918_273_645, 'not a number'],
  ['a boolean', true, 'boolean'],
  ['an object', { toString: () => 'hunter2', secret: 'hunter2' }, 'not an object'],
  ['a function', () => 'hunter2', 'function'],
  ['an empty Buffer', Buffer.alloc(0), 'an empty Buffer'],
  ['an empty ArrayBuffer', new ArrayBuffer(0), 'an empty Buffer'],
  ['a public key', publicKey, 'a public key'],
  ['a private key', privateKey, 'a private key'],
  ['a nested array', ['hunter2'], 'an array in the array'],
]

describe('prepareKeys', () => {
  it.each(GOOD)('accepts %s, and signs like cookie-signature', (_what, secret, asString) => {
    const [key] = prepareKeys(secret)
    expect(sign('id', key as never)).toBe(sign('id', asString))
  })

  it('keeps the order of several secrets', () => {
    const keys = prepareKeys(['new', Buffer.from('old')])
    expect(keys.map((key) => key.export().toString())).toEqual(['new', 'old'])
  })

  it.each(BAD)('throws a TypeError for %s that names the kind but not the value', (_what, secret, says) => {
    // A single array would be a list of secrets.
    const forms = [...(Array.isArray(secret) ? [] : [secret]), [secret], ['real', secret]]
    for (const form of forms) {
      const message = messageOf(() => prepareKeys(form))
      expect(message).toContain(says)
      expect(message).toContain('32 random bytes')
      expect(message).not.toMatch(/hunter2|918273645|real/)
    }
  })

  it('takes a CryptoKey', async () => {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const bytes = Buffer.from('keyboard cat')
    const secret = await webcrypto.subtle.importKey('raw', bytes, algorithm, true, ['sign'])
    expect(sign('id', prepareKeys(secret)[0] as never)).toBe(sign('id', 'keyboard cat'))
  })

  it('throws for an empty array with the text of express-session', () => {
    const text = 'secret option array must contain one or more strings'
    expect(() => prepareKeys([])).toThrow(new TypeError(text))
  })
})

function messageOf(work: () => unknown): string {
  try {
    work()
  } catch (err) {
    expect(err).toBeInstanceOf(TypeError)
    return (err as Error).message
  }
  throw new Error('nothing was thrown')
}
