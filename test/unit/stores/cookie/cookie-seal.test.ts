import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { CookieSeal } from '../../../../src/stores/cookie/cookie-seal'
import { XaesKey } from '../../../../src/stores/cookie/xaes'

const key = createSecretKey(randomBytes(32))
const session = {
  id: 'a',
  sealedAt: 1,
  cookie: { originalMaxAge: null, path: '/' } as never,
  snapshot: '{"views":1}',
}

/** Counts the decryptions while `work` runs. */
function decryptions(work: () => void): number {
  const { open } = XaesKey.prototype
  let count = 0
  XaesKey.prototype.open = function (...args) {
    count++
    return open.apply(this, args)
  }
  try {
    work()
  } finally {
    XaesKey.prototype.open = open
  }
  return count
}

test('what was sealed here is opened without a decryption', () => {
  const seal = new CookieSeal([key], 'connect.sid')
  const value = seal.seal(session)
  const count = decryptions(() => expect(seal.open(value)).toEqual({ ...session, isOld: false }))
  expect(count).toBe(0)
})

test('what another process has sealed is decrypted once', () => {
  const value = new CookieSeal([key], 'connect.sid').seal(session)
  const seal = new CookieSeal([key], 'connect.sid')
  const count = decryptions(() => {
    for (let i = 0; i < 3; i++) expect(seal.open(value)).toEqual({ ...session, isOld: false })
  })
  expect(count).toBe(1)
})

test('a value that was forgotten is decrypted again', () => {
  const seal = new CookieSeal([key], 'connect.sid')
  const value = seal.seal(session)
  for (let i = 0; i < 5_000; i++) seal.seal({ ...session, id: `${i}` })
  expect(decryptions(() => expect(seal.open(value)).toEqual({ ...session, isOld: false }))).toBe(1)
})

test('a value of another name is not opened, though it was sealed here', () => {
  const value = new CookieSeal([key], 'connect.sid').seal(session)
  expect(new CookieSeal([key], 'other').open(value)).toBeUndefined()
})
