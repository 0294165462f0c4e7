import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import uid from 'uid-safe'
import { afterEach, expect, vi } from 'vitest'
import type { Layer } from '../support/app'

/**
 * A file that imports this checks after each of its tests that what was told has no session id, no cookie and no secret:
 * not as it is, not encoded, and no part of an id or a cookie.
 */
const told: unknown[] = []
const secrets = new Set<string>()
const ids = new Set<string>()

/** Called with everything that a test is told. An array may be filled later. */
export function mustHaveNoSecret<T>(what: T): T {
  told.push(what)
  return what
}

/** Called with the secrets of the options, which must not be told either. */
export function addSecret(secret: unknown): void {
  if (Array.isArray(secret)) secret.forEach(addSecret)
  else secrets.add(checkLength(Buffer.isBuffer(secret) ? secret.toString('hex') : String(secret)))
}

/** Notes the cookies of a request and of its response, and the ids in them. To be used before the middleware. */
export const noteCookies: Layer = (req, res, next) => {
  for (const cookie of req.headers.cookie?.split('; ') ?? []) addCookie(cookie)
  res.once('close', () => {
    for (const line of [res.getHeader('Set-Cookie') ?? []].flat()) addCookie(String(line).split('; ')[0])
  })
  next()
}

const { sync } = uid
vi.spyOn(uid, 'sync').mockImplementation((length) => {
  const id = sync(length)
  // Ids are drawn several at a time.
  for (const each of id.match(/.{1,32}/g) ?? []) ids.add(each)
  return id
})

afterEach(() => {
  const text = told.map((what) => inspect(what, LONG)).join('\n')
  const parts = [...[...secrets].flatMap(formsOf), ...[...ids].flatMap(formsOf).flatMap(partsOf)]
  told.length = 0
  secrets.clear()
  ids.clear()
  expect(parts.filter((part) => text.includes(part))).toEqual([])
})

const LONG = { depth: 20, maxStringLength: null, maxArrayLength: null, breakLength: Number.POSITIVE_INFINITY }

/** How many characters of an id are not told. */
const PART = 8

function checkLength(secret: string): string {
  if (secret.length >= PART) return secret
  throw new Error(`tests need ids and secrets of ${PART} characters, which are no words: ${secret}`)
}

function addCookie(pair = ''): void {
  const value = pair.slice(pair.indexOf('=') + 1)
  if (value === '') return
  const plain = decodeURIComponent(value).replace(/^s:/, '')
  const dot = plain.lastIndexOf('.')
  ids.add(checkLength(plain.slice(0, dot === -1 ? undefined : dot)))
  if (dot !== -1) ids.add(plain.slice(dot + 1))
}

/** The forms in which a secret could be told. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const hash = (form: 'hex' | 'base64url') => createHash('sha256').update(bytes).digest(form)
  const encoded = (['hex', 'base64', 'base64url'] as const).map((form) => bytes.toString(form))
  return [secret, encodeURIComponent(secret), ...encoded, hash('hex'), hash('base64url')]
}

function partsOf(text: string): string[] {
  const starts = Array.from({ length: Math.max(1, text.length - PART + 1) }, (_, index) => index)
  return [...new Set(starts.map((start) => text.slice(start, start + PART)))]
}
