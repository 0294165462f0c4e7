import { createSecretKey, KeyObject } from 'node:crypto'

/** What signs the session cookie: at least 32 random bytes. */
export type Secret = string | NodeJS.ArrayBufferView | KeyObject

/** The first signs and all verify. */
export type Keys = readonly [KeyObject, ...KeyObject[]]

/** Prepares secrets for their use at each request. Throws a TypeError for a secret that anybody could guess. */
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
