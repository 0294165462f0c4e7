import {
  type Cipher,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { generateId } from '../../session/generate-id'

/** The bytes that a sealed text is longer than the text: the nonce before it, and the tag after it. */
export const OVERHEAD = 40

const NONCE = 24
const TAG = 16

/**
 * A key of XAES-256-GCM (c2sp.org/XAES-256-GCM): AES-256-GCM with nonces of 192 bits, which are long enough to be drawn at
 * random. Half of the nonce makes a key for this one message, the other half is the nonce of AES-256-GCM.
 */
export class XaesKey {
  /** Encrypts single blocks with the key. ECB keeps no state between them, so one cipher serves all messages. */
  readonly #blocks: Cipher
  /** The two blocks that make the key of a message, with zeros in the place of the nonce. */
  readonly #template: Buffer
  readonly #input: Buffer

  constructor(key: KeyObject) {
    this.#blocks = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
    const k1 = double(this.#blocks.update(Buffer.alloc(16)))
    this.#template = Buffer.concat([xor(k1, [0, 1, LABEL, 0]), xor(k1, [0, 2, LABEL, 0])])
    this.#input = Buffer.from(this.#template)
  }

  /** Returns nonce, ciphertext and tag. `aad` is authenticated too. A nonce of 24 bytes must never be used twice. */
  seal(text: string | Buffer, aad: Buffer, nonce = drawNonce()): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.messageKey(nonce), nonce.subarray(12), OPTIONS)
    cipher.setAAD(aad)
    const encrypted = typeof text === 'string' ? cipher.update(text, 'utf8') : cipher.update(text)
    cipher.final()
    return Buffer.concat([nonce, encrypted, cipher.getAuthTag()])
  }

  /** Returns the text, or undefined if this key did not seal it with this `aad`. */
  open(sealed: Buffer, aad: Buffer): string | undefined {
    const end = sealed.length - TAG
    if (end < NONCE) return undefined
    const key = this.messageKey(sealed)
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(12, NONCE), OPTIONS)
    decipher.setAAD(aad)
    decipher.setAuthTag(sealed.subarray(end))
    const text = decipher.update(sealed.subarray(NONCE, end))
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return text.toString()
  }

  /**
   * Returns the key of the message with this nonce, which is the first part of `sealed`. It is a KeyObject, since some
   * versions of Node (24.19 and 26.5 for example) need 10 µs to find out that a Buffer is none.
   */
  private messageKey(sealed: Buffer): KeyObject {
    const input = this.#input
    const template = this.#template
    for (let i = 0; i < 12; i++) {
      const byte = sealed[i] as number
      input[4 + i] = (template[4 + i] as number) ^ byte
      input[20 + i] = (template[20 + i] as number) ^ byte
    }
    return createSecretKey(this.#blocks.update(input))
  }
}

/** Returns 24 random bytes. An id is the text of as many, but a test may have replaced what makes them. */
function drawNonce(): Buffer {
  const nonce = Buffer.from(generateId(), 'base64url')
  return nonce.length === NONCE ? nonce : randomBytes(NONCE)
}

/** The ASCII letter X. */
const LABEL = 0x58

const OPTIONS = { authTagLength: TAG }

/** The subkey K1 of CMAC (NIST SP 800-38B, 6.1): the block doubled in the field GF(2^128). */
function double(block: Buffer): Buffer {
  const doubled = Buffer.alloc(16)
  for (let i = 0; i < 16; i++) doubled[i] = ((block[i] as number) << 1) | ((block[i + 1] ?? 0) >> 7)
  if ((block[0] as number) & 0x80) doubled[15] = (doubled[15] as number) ^ 0b1000_0111
  return doubled
}

function xor(block: Buffer, start: number[]): Buffer {
  const result = Buffer.from(block)
  for (const [i, byte] of start.entries()) result[i] = (result[i] as number) ^ byte
  return result
}
