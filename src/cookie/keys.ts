import { createSecretKey, KeyObject } from 'node:crypto'
import { types } from 'node:util'

/** A secret that signs the session cookie: at least 32 random bytes. */
export type Secret = string | NodeJS.ArrayBufferView | KeyObject

/** Secrets in the form that node:crypto uses fastest. The first one signs, all of them verify. */
export type Keys = readonly [KeyObject, ...KeyObject[]]

/** Returns the keys of a `secret` option. Throws a TypeError for an empty secret and for one of a wrong type. */
export function prepareKeys(secret: unknown): Keys {
  const secrets = Array.isArray(secret) ? secret : [secret]
  if (secrets.length === 0) throw new TypeError('secret option array must contain one or more strings')
  return secrets.map(prepareKey) as unknown as Keys
}

function prepareKey(secret: unknown): KeyObject {
  if (secret instanceof KeyObject && secret.type === 'secret') {
    if (secret.symmetricKeySize) return secret
  } else if (typeof secret === 'string') {
    if (secret) return createSecretKey(secret, 'utf8')
  } else if (ArrayBuffer.isView(secret) || types.isAnyArrayBuffer(secret)) {
    if (secret.byteLength > 0) return createSecretKey(secret as NodeJS.ArrayBufferView<ArrayBuffer>)
  } else if (types.isCryptoKey(secret)) {
    return prepareKey(KeyObject.from(secret))
  }
  throw new TypeError(
    `secret option must be a non-empty string, Buffer or secret KeyObject, or an array of them, not ${nameOf(secret)}; take 32 random bytes`,
  )
}

/** Describes a refused secret without its value, which may be most of the real one. */
function nameOf(secret: unknown): string {
  if (secret === null) return 'null'
  return secret === '' ? 'an empty string' : `an empty or unfit ${typeof secret}`
}
