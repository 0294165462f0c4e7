import { describe, expect, it } from 'vitest'
import { makePrivate, varyByCookie } from '../../../src/policy/cache-control'

describe('makePrivate', () => {
  it.each<[given: string, value: string, removed: string[]]>([
    ['', 'private', []],
    ['private', 'private', []],
    ['Private, max-age=5', 'Private, max-age=5', []],
    ['no-store', 'no-store', []],
    ['no-store, no-cache, must-revalidate', 'no-store, no-cache, must-revalidate', []],
    ['no-cache', 'private, no-cache', []],
    ['max-age=60', 'private, max-age=60', []],
    ['max-age=0, must-revalidate', 'private, max-age=0, must-revalidate', []],
    ['public', 'private', ['public']],
    ['public, max-age=60, immutable', 'private, max-age=60, immutable', ['public']],
    ['max-age=60,s-maxage=600', 'private, max-age=60', ['s-maxage=600']],
    ['PUBLIC, S-MaxAge=1', 'private', ['PUBLIC', 'S-MaxAge=1']],
    ['private, public', 'private', ['public']],
    ['public, no-store', 'no-store', ['public']],
    ['private="x-a, x-b", max-age=1', 'private, max-age=1', []],
    ['no-cache="set-cookie, public", max-age=1', 'private, no-cache="set-cookie, public", max-age=1', []],
    ['max-age=1, , stale-while-revalidate=2', 'private, max-age=1, stale-while-revalidate=2', []],
    ['no-cache="open, public', 'private, no-cache="open', ['public']],
  ])('%j becomes %j', (given, value, removed) => {
    expect(makePrivate(given)).toEqual({ value, removed })
  })
})

describe('varyByCookie', () => {
  it.each([
    ['', 'Cookie'],
    ['Accept-Encoding', 'Accept-Encoding, Cookie'],
    ['Cookie', 'Cookie'],
    ['accept-encoding,COOKIE', 'accept-encoding,COOKIE'],
    ['*', '*'],
    ['Accept, *', 'Accept, *'],
    ['X-Cookie', 'X-Cookie, Cookie'],
  ])('%j becomes %j', (given, value) => {
    expect(varyByCookie(given)).toBe(value)
  })
})
