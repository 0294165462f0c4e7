/** Returns what is weak about a secret, without the secret. Undefined if nothing is known. */
export function weaknessOf(secret: unknown): string | undefined {
  if (typeof secret === 'string' && isKnown(secret))
    return 'is one that examples use, so anyone can sign cookies with it'
  const bytes = lengthOf(secret)
  if (bytes !== undefined && bytes < LEAST) return `has ${bytes} bytes, fewer than ${LEAST}`
  return undefined
}

/** The length of an HMAC-SHA256 key below which it is weaker than the hash (RFC 2104, 3). */
const LEAST = 32

function lengthOf(secret: unknown): number | undefined {
  if (typeof secret === 'string') return Buffer.byteLength(secret)
  const { byteLength, symmetricKeySize } = Object(secret) as {
    byteLength?: number
    symmetricKeySize?: number
  }
  return byteLength ?? symmetricKeySize
}

function isKnown(secret: string): boolean {
  const words = secret
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
  return (
    KNOWN.has(words.replaceAll(' ', '')) || words.startsWith('replace this') || words.startsWith('change me')
  )
}

/** From the documentation of session libraries and from tutorials, without blanks and punctuation. */
const KNOWN = new Set(
  [
    'keyboard cat',
    'secret',
    'secretkey',
    'my secret',
    'my secret key',
    'mysupersecret',
    'super secret',
    'super secret key',
    'topsecret',
    'your secret',
    'your secret key',
    'your secret here',
    'your session secret',
    'session secret',
    'secret session',
    'secret session key',
    'some secret',
    'some secret key',
    'this is a secret',
    'thisisasecret',
    'thisismysecret',
    'this is my secret',
    'thisismysecretkey',
    'thisshouldbeasecret',
    'thisshouldbeabettersecret',
    'not a good secret',
    'notagoodsecret',
    'a very secret key',
    'shhhh very secret',
    'shhhh',
    'ssshhhhh',
    'cat',
    'keyboard mouse',
    'work hard',
    'foo',
    'bar',
    'test',
    'password',
    'password123',
    'changeit',
    'default',
    'squirrel',
    'trololo',
    'i love cats',
    'hello world',
    'passport tutorial',
    'thisismysecrctekeyfhrgfgrfrty84fwir767',
    'complex password at least 32 characters long',
    'complex_password_at_least_32_characters_long',
  ].map((text) => text.toLowerCase().replace(/[^a-z0-9]+/g, '')),
)
