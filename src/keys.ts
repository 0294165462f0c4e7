import { createSecretKey, KeyObject } from 'node:crypto'

/** What signs the session cookie. Of several the first signs and all verify. */
export type Secret = string | NodeJS.ArrayBufferView | KeyObject

/** Prepares secrets for their use at each request. Throws a TypeError for one that anybody could guess. */
export function prepareKeys(secret: unknown): readonly KeyObject[] {
  if (!Array.isArray(secret)) return [prepareKey(secret)]
  if (secret.length === 0) throw new TypeError('secret option array must contain one or more strings')
  return secret.map(prepareKey)
}

let lastSecret: unknown
let lastKeys: readonly KeyObject[] | undefined

/** The same for the secret that cookie-parser left on a request; an app has one, so the last is kept. */
export function keysFromRequest(secret: unknown): readonly KeyObject[] | undefined {
  if (!secret) return undefined
  if (secret !== lastSecret) {
    lastKeys = prepareKeys(secret)
    lastSecret = secret
  }
  return lastKeys
}

function prepareKey(secret: unknown): KeyObject {
  if (secret instanceof KeyObject && secret.type === 'secret') {
    if (secret.symmetricKeySize) return secret
  } else if (typeof secret === 'string') {
    if (secret) return createSecretKey(secret, 'utf8')
  } else if (ArrayBuffer.isView(secret) && secret.byteLength > 0) {
    return createSecretKey(secret as NodeJS.ArrayBufferView<ArrayBuffer>)
  }
  throw new TypeError(
    `secret option must be a non-empty string, Buffer or secret KeyObject, or an array of them, not ${nameOf(secret)}; take 32 random bytes`,
  )
}

/** Never the value: it may be most of a secret. */
function nameOf(secret: unknown): string {
  if (secret === null) return 'null'
  return secret === '' ? 'an empty string' : `an empty or unfit ${typeof secret}`
}
