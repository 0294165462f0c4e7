import { createSecretKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readCookieKeys } from '../../../../src/stores/cookie/cookie-keys'

const bytes = Buffer.from('fbff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e', 'hex')
const exported = (keys: unknown) => readCookieKeys(keys).map((key) => key.export())

describe('readCookieKeys', () => {
  it.each([
    ['a Buffer', bytes],
    ['a Uint8Array', new Uint8Array(bytes)],
    ['an ArrayBuffer', new Uint8Array(bytes).buffer],

    ['a KeyObject', createSecretKey(bytes)],
    ['base64', bytes.toString('base64')],
    ['base64 without padding', bytes.toString('base64').replace('=', '')],
    ['base64url', bytes.toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['hex in capital letters', bytes.toString('hex').toUpperCase()],
    ['text with a line break, as from a file', `${bytes.toString('base64')}\n`],
  ])('takes %s', (_what, key) => {
    expect(exported([key])).toEqual([bytes])
    expect(exported(key)).toEqual([bytes])
  })

  it('takes a view of a part of a buffer', () => {
    const longer = Buffer.concat([randomBytes(5), bytes])
    expect(exported([new DataView(longer.buffer, longer.byteOffset + 5, 32)])).toEqual([bytes])
  })

  it('takes a CryptoKey', async () => {
    const key = await webcrypto.subtle.importKey('raw', bytes, 'AES-GCM', true, ['encrypt'])
    expect(exported([key])).toEqual([bytes])
  })

  it('keeps the order of several keys', () => {
    const [first, second] = [randomBytes(32), randomBytes(32)]
    expect(exported([first, second.toString('hex')])).toEqual([first, second])
  })

  it('copies a Buffer, so that later changes of it have no effect', () => {
    const given = Buffer.from(bytes)
    const [key] = readCookieKeys([given])
    given.fill(0)
    expect(key.export()).toEqual(bytes)
  })

  it.each([
    ['an empty array', [], 'is an empty array'],
    ['no keys', undefined, 'has nothing, perhaps from an environment variable that is not set'],
    ['an unset variable', [undefined], 'has nothing, perhaps from an environment variable that is not set'],
    ['null', [null], 'has null'],
    ['an empty text', [''], 'has a key of 0 bytes'],
    ['a password', ['keyboard cat'], 'has a text that is neither base64, base64url nor hex'],
    ['32 letters', ['abcdefghijklmnopqrstuvwxyzabcdef'], 'has a key of 24 bytes'],
    ['a short Buffer', [randomBytes(31)], 'has a key of 31 bytes'],
    ['a long Buffer', [randomBytes(33)], 'has a key of 33 bytes'],
    ['a short KeyObject', [createSecretKey(randomBytes(16))], 'has a key of 16 bytes'],
    ['a number', [42], 'has a number'],
    ['an object', [{}], 'has an object'],
    ['the second key', [bytes, 'short'], 'has a key of 3 bytes'],
  ])('refuses %s with a command that makes a key', (_what, keys, problem) => {
    const refused = () => readCookieKeys(keys)
    expect(refused).toThrow(TypeError)
    expect(refused).toThrow(`keys option of CookieStore ${problem}: `)
    expect(refused).toThrow(`node -p "crypto.randomBytes(32).toString('base64url')"`)
  })

  it('refuses a public key', () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    expect(() => readCookieKeys([publicKey])).toThrow('has a public key, which cannot be used here')
  })

  it('does not show a wrong key', () => {
    expect(() => readCookieKeys(['sEcrEtsEcrEt'])).toThrow(expect.not.stringContaining('sEcrEt'))
  })
})
