import { createHash, createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OVERHEAD, XaesKey } from '../../../../src/stores/cookie/xaes'

const NONCE = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWX')
const TEXT = 'XAES-256-GCM'

/** The vectors of c2sp.org/XAES-256-GCM. In the second one the most significant bit of the CMAC subkey is set. */
const vectors = [
  [1, '', 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271'],
  [3, 'c2sp.org/XAES-256-GCM', '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d'],
] as const

describe('XaesKey', () => {
  it.each(vectors)('seals and opens the published vector with a key of bytes %i', (byte, aad, expected) => {
    const key = xaesKey(Buffer.alloc(32, byte))
    const sealed = key.seal(TEXT, Buffer.from(aad), NONCE)
    expect(sealed.subarray(0, 24)).toEqual(NONCE)
    expect(sealed.subarray(24).toString('hex')).toBe(expected)
    expect(key.open(sealed, Buffer.from(aad))).toBe(TEXT)
  })

  it('opens what it has sealed, for all texts', () => {
    const key = xaesKey(randomBytes(32))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), bytes(0, 20), (text, aad) => {
        const sealed = key.seal(text, aad)
        expect(sealed.length).toBe(OVERHEAD + Buffer.byteLength(text))
        expect(key.open(sealed, aad)).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  it('opens nothing that differs in one bit, is cut, or is longer', () => {
    const key = xaesKey(randomBytes(32))
    const aad = Buffer.from('sid')
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(7), fc.nat(), bytes(1, 9), (text, at, bit, cut, rest) => {
        const sealed = key.seal(text, aad)
        const changed = Buffer.from(sealed)
        changed[at % sealed.length] = (changed[at % sealed.length] as number) ^ (1 << bit)
        expect(key.open(changed, aad)).toBeUndefined()
        expect(key.open(sealed.subarray(0, cut % sealed.length), aad)).toBeUndefined()
        expect(key.open(Buffer.concat([sealed, rest]), aad)).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })

  it('opens nothing of another key or with other additional data', () => {
    const [key, other] = [xaesKey(randomBytes(32)), xaesKey(randomBytes(32))]
    const sealed = key.seal(TEXT, Buffer.from('a'))
    expect(other.open(sealed, Buffer.from('a'))).toBeUndefined()
    expect(key.open(sealed, Buffer.from('b'))).toBeUndefined()
    expect(key.open(Buffer.alloc(0), Buffer.from('a'))).toBeUndefined()
  })

  it('draws another nonce for each message', () => {
    const key = xaesKey(randomBytes(32))
    const nonces = Array.from({ length: 1000 }, () => key.seal('', NONCE).toString('hex', 0, 24))
    expect(new Set(nonces).size).toBe(1000)
  })

  it('gives the same result for a message between others', () => {
    const key = xaesKey(Buffer.alloc(32, 1))
    const sealed = () => key.seal(TEXT, Buffer.alloc(0), NONCE).toString('hex')
    const first = sealed()
    key.seal('another', NONCE)
    key.open(randomBytes(100), NONCE)
    expect(sealed()).toBe(first)
  })
})

describe('10000 messages of a deterministic source', () => {
  it('have the published hash', () => {
    const take = readerOf(createHash('shake128', { outputLength: 8_000_000 }).digest())
    const takeVector = () => take(take(1)[0] as number)
    const hash = createHash('shake128', { outputLength: 32 })
    for (let i = 0; i < 10_000; i++) {
      const [key, nonce] = [take(32), take(24)]
      hash.update(xaesKey(key).seal(takeVector(), takeVector(), nonce).subarray(24))
    }
    expect(hash.digest('hex')).toBe('e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939')
  })
})

/** Returns a function that gives the next bytes. */
function readerOf(source: Buffer) {
  let at = 0
  return (length: number) => {
    at += length
    return source.subarray(at - length, at)
  }
}

function bytes(minLength: number, maxLength = minLength) {
  return fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array))
}

function xaesKey(bytes: Buffer): XaesKey {
  return new XaesKey(createSecretKey(bytes))
}
