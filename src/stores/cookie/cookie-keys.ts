import { createSecretKey, KeyObject } from 'node:crypto'
import { types } from 'node:util'

/** A key that encrypts sessions: 32 random bytes, as a Buffer, a secret KeyObject, or text in base64, base64url or hex. */
export type CookieKey = string | NodeJS.ArrayBufferView | KeyObject

/** Returns the keys of the `keys` option. The first one seals, all of them open. Throws a TypeError for a wrong one. */
export function readCookieKeys(given: unknown): [KeyObject, ...KeyObject[]] {
  const keys = Array.isArray(given) ? given : [given]
  if (keys.length === 0) throw wrongKey('is an empty array')
  return keys.map(readKey) as [KeyObject, ...KeyObject[]]
}

function readKey(given: unknown): KeyObject {
  if (given instanceof KeyObject) {
    if (given.type !== 'secret') throw wrongKey(`has a ${given.type} key, which cannot be used here`)
    if (given.symmetricKeySize !== LENGTH) throw wrongLength(given.symmetricKeySize)
    return given
  }
  if (types.isCryptoKey(given)) return readKey(KeyObject.from(given))
  const bytes = typeof given === 'string' ? decode(given) : bytesOf(given)
  if (bytes.length !== LENGTH) throw wrongLength(bytes.length)
  return createSecretKey(bytes)
}

const LENGTH = 32

/** Returns the bytes of a text. A text of 32 letters is no key of 32 bytes: it has far less than 256 random bits. */
function decode(text: string): Buffer<ArrayBuffer> {
  const trimmed = text.trim()
  if (/^[\da-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex')
  if (/^[\w+/-]*={0,2}$/.test(trimmed)) return Buffer.from(trimmed, 'base64')
  throw wrongKey('has a text that is neither base64, base64url nor hex')
}

function bytesOf(given: unknown): Buffer<ArrayBuffer> {
  if (ArrayBuffer.isView(given)) {
    return Buffer.from(new Uint8Array(given.buffer, given.byteOffset, given.byteLength))
  }
  if (types.isAnyArrayBuffer(given)) return Buffer.from(new Uint8Array(given))
  throw wrongKey(`has ${given === null ? 'null' : nameOf(given)}`)
}

function nameOf(given: unknown): string {
  if (given === undefined) return 'nothing, perhaps from an environment variable that is not set'
  return typeof given === 'object' ? 'an object' : `a ${typeof given}`
}

function wrongLength(length: number | undefined): TypeError {
  return wrongKey(`has a key of ${length} bytes`)
}

/** The message does not show the value, which may be most of the real key. */
function wrongKey(problem: string): TypeError {
  return new TypeError(
    `keys option of CookieStore ${problem}: it must be an array of keys of 32 random bytes, each a Buffer, a KeyObject, or text in base64, base64url or hex. This command makes one: node -p "crypto.randomBytes(32).toString('base64url')"`,
  )
}
