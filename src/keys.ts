import { createSecretKey, KeyObject } from 'node:crypto'

/** What signs the session cookie: at least 32 random bytes. */
export type Secret = string | NodeJS.ArrayBufferView | KeyObject

/** The keys of a request: the first signs and all verify. */
export type Keys = readonly [KeyObject, ...KeyObject[]]

/**
 * Prepares secrets for their use at each request; an array may be changed while the process runs, as those do who
 * replace their secrets. Throws a TypeError for a secret that anybody could guess.
 */
export function keyRing(secret: unknown): () => Keys {
  let keys = prepareKeys(secret)
  if (!Array.isArray(secret)) return () => keys
  let known = [...secret]
  return () => {
    if (isSame(known, secret)) return keys
    keys = prepareKeys(secret)
    known = [...secret]
    return keys
  }
}

/** The same for the secret that cookie-parser leaves on each request; an app has one, so the last is kept. */
export function requestKeyRing(): (secret: unknown) => Keys | undefined {
  let last: unknown
  let ring: (() => Keys) | undefined
  return (secret) => {
    if (!secret) return undefined
    if (!ring || secret !== last) ring = keyRing(secret)
    last = secret
    return ring()
  }
}

/** Throws a TypeError for a secret that anybody could guess. */
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

function isSame(known: unknown[], now: unknown[]): boolean {
  return known.length === now.length && known.every((secret, index) => secret === now[index])
}
