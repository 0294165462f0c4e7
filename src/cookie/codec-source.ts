import { IdCodec } from './id-codec'
import { prepareKeys } from './keys'

/**
 * The codec for a `secret` option; its array may be changed while the process runs, as those do who replace their
 * secrets. Throws a TypeError for a secret that anybody could guess.
 */
export function codecSource(secret: unknown): () => IdCodec {
  let codec = new IdCodec(prepareKeys(secret))
  if (!Array.isArray(secret)) return () => codec
  let known = [...secret]
  return () => {
    if (isSame(known, secret)) return codec
    codec = new IdCodec(prepareKeys(secret))
    known = [...secret]
    return codec
  }
}

/** The same for the secret that cookie-parser leaves on each request; an app has one, so the last is kept. */
export function requestCodecSource(): (secret: unknown) => IdCodec | undefined {
  let last: unknown
  let source: (() => IdCodec) | undefined
  return (secret) => {
    if (!secret) return undefined
    if (!source || secret !== last) source = codecSource(secret)
    last = secret
    return source()
  }
}

function isSame(known: unknown[], now: unknown[]): boolean {
  return known.length === now.length && known.every((secret, index) => secret === now[index])
}
