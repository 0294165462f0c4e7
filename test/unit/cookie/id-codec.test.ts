import { createHmac } from 'node:crypto'
import { sign, unsign } from 'cookie-signature'
import { describe, expect, it, vi } from 'vitest'
import { IdCodec } from '../../../src/cookie/id-codec'
import { prepareKeys } from '../../../src/cookie/keys'
import { liveBytes } from '../../support/heap'

vi.mock('cookie-signature', async (importActual) => {
  const actual = await importActual<typeof import('cookie-signature')>()
  return { ...actual, unsign: vi.fn(actual.unsign) }
})

const [OLD, NEW] = ['old secret', 'new secret']
const ENOUGH = 5_000

describe('IdCodec', () => {
  it('encodes like express-session', () => {
    const signature = createHmac('sha256', NEW).update('a b').digest('base64').replace(/=+$/, '')
    expect(codecOf(NEW).encode('a b')).toBe(encodeURIComponent(`s:a b.${signature}`))
  })

  it.each(['a', 'a.b', 'a b;c', 'é', 'x'.repeat(3_000)])('decodes what it encoded: %s', (id) => {
    const codec = codecOf(NEW)
    const text = codec.encode(id)
    expect(codec.decode(text)).toEqual({ id, text })
  })

  it('returns the cookie text of an id only when its first key signed it', () => {
    const codec = codecOf(NEW, OLD)
    expect(codec.decode(textOf('a', OLD))).toEqual({ id: 'a', text: undefined, isOld: true })
    expect(codec.decode(textOf('a', NEW))).toEqual({ id: 'a', text: textOf('a', NEW) })
  })

  it('returns the cookie text as it would be sent, for any accepted encoding', () => {
    const codec = codecOf(NEW)
    for (const form of [`s:${sign('a', NEW)}`, `%73%3a${sign('a', NEW)}`]) {
      expect(codec.decode(form)).toEqual({ id: 'a', text: textOf('a', NEW) })
    }
  })

  it('accepts an id that cannot be URI-encoded, as cookie-parser may pass it', () => {
    const codec = codecOf(NEW)
    // A lone surrogate and U+FFFD are the same bytes for the HMAC.
    const signed = sign('a\ufffd', NEW).replace('\ufffd', '\ud800')
    expect(codec.verify(`s:${signed}`)).toEqual({ id: 'a\ud800', text: undefined })
  })

  it('does not keep the Cookie header in memory, for any encoding of its cookie', () => {
    const codec = codecOf(NEW)
    const ids: unknown[] = []
    const before = liveBytes()
    for (let i = 0; i < 500; i++) {
      const header = `s:${sign(`${'x'.repeat(30)}${i}`, NEW)};${Buffer.alloc(14_000, `${i}`).toString('latin1')}`
      ids.push(codec.decode(header.slice(0, header.indexOf(';')))?.id)
    }
    // The mock keeps the arguments of its calls.
    vi.mocked(unsign).mockClear()
    expect((liveBytes() - before) / ids.length).toBeLessThan(7_000)
    expect(new Set(ids).size).toBe(500)
  })

  it('verifies the same cookie once', () => {
    const codec = codecOf(NEW)
    expect(countVerified(() => [codec.decode(textOf('a')), codec.decode(textOf('a'))])).toBe(1)
    expect(codec.decode(textOf('a'))?.id).toBe('a')
  })

  it('does not accept a cookie that is similar to a verified one', () => {
    const codec = codecOf(NEW)
    const text = textOf('abc')
    codec.decode(text)
    for (const forged of [text.slice(0, -1), `${text}x`, text.toUpperCase(), text.replace('abc', 'abd')]) {
      expect(codec.decode(forged)).toBeUndefined()
    }
  })

  it('verifies forged cookies each time, and does not cache them', () => {
    const codec = codecOf(NEW)
    codec.decode(textOf('a'))
    expect(
      countVerified(() => {
        for (let i = 0; i < 3 * ENOUGH; i++) codec.decode(`s%3Aa.${i}`)
      }),
    ).toBe(3 * ENOUGH)
    expect(countVerified(() => codec.decode(textOf('a')))).toBe(0)
  })

  it('caches a bounded number of cookies, and keeps those that are used often', () => {
    const codec = codecOf(NEW)
    for (let i = 0; i < 3 * ENOUGH; i++) {
      codec.decode(textOf(`id${i}`))
      if (i % 1_000 === 0) codec.decode(textOf('often'))
    }
    expect(countVerified(() => codec.decode(textOf('often')))).toBe(0)
    expect(countVerified(() => codec.decode(textOf('id0')))).toBe(1)
  })
})

function codecOf(...secrets: string[]) {
  return new IdCodec(prepareKeys(secrets))
}

function textOf(id: string, secret = NEW as string) {
  return encodeURIComponent(`s:${sign(id, secret)}`)
}

function countVerified(work: () => unknown) {
  const { mock } = vi.mocked(unsign)
  const before = mock.calls.length
  work()
  return mock.calls.length - before
}
