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
    `secret option must be a non-empty string, Buffer or secret KeyObject, or an array of them, not ${describe(secret)}; take 32 random bytes`,
  )
}

/** Describes a refused secret without its value, which may be most of the real one. */
function describe(secret: unknown): string {
  if (secret === undefined) return 'undefined, perhaps from an environment variable that is not set'
  if (secret === null) return 'null'
  if (secret === '') return 'an empty string'
  if (ArrayBuffer.isView(secret) || types.isAnyArrayBuffer(secret)) return 'an empty Buffer'
  if (Array.isArray(secret)) return 'an array in the array'
  if (secret instanceof KeyObject) return secret.type === 'secret' ? 'an empty key' : `a ${secret.type} key`
  return typeof secret === 'object' ? 'an object' : `a ${typeof secret}`
}
