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
  it('encodes as express-session does', () => {
    const signature = createHmac('sha256', NEW).update('a b').digest('base64').replace(/=+$/, '')
    expect(codecOf(NEW).encode('a b')).toBe(encodeURIComponent(`s:a b.${signature}`))
  })

  it.each(['a', 'a.b', 'a b;c', 'é', 'x'.repeat(3_000)])('decodes what it encoded: %s', (id) => {
    const codec = codecOf(NEW)
    const text = codec.encode(id)
    expect(codec.decode(text)).toEqual({ id, text })
  })

  it('has the text of an id where its first key signed it, since it would be the same', () => {
    const codec = codecOf(NEW, OLD)
    expect(codec.decode(textOf('a', OLD))).toEqual({ id: 'a', text: undefined })
    expect(codec.decode(textOf('a', NEW))).toEqual({ id: 'a', text: textOf('a', NEW) })
  })

  it('has the text as it would be sent, in whatever form it came', () => {
    const codec = codecOf(NEW)
    for (const form of [`s:${sign('a', NEW)}`, `%73%3a${sign('a', NEW)}`]) {
      expect(codec.decode(form)).toEqual({ id: 'a', text: textOf('a', NEW) })
    }
  })

  it('takes what cannot be encoded, as cookie-parser may make it', () => {
    const codec = codecOf(NEW)
    // Both surrogates alone are the same bytes to the HMAC.
    const signed = sign('a\ufffd', NEW).replace('\ufffd', '\ud800')
    expect(codec.verify(`s:${signed}`)).toEqual({ id: 'a\ud800', text: undefined })
  })

  it('keeps no header in memory, in whatever form its cookie came', () => {
    const codec = codecOf(NEW)
    const ids: unknown[] = []
    const before = liveBytes()
    for (let i = 0; i < 500; i++) {
      const header = `s:${sign(`${'x'.repeat(30)}${i}`, NEW)};${Buffer.alloc(14_000, `${i}`).toString('latin1')}`
      ids.push(codec.decode(header.slice(0, header.indexOf(';')))?.id)
    }
    // The mock keeps what it was called with.
    vi.mocked(unsign).mockClear()
    expect((liveBytes() - before) / ids.length).toBeLessThan(7_000)
    expect(new Set(ids).size).toBe(500)
  })

  it('verifies once what comes again', () => {
    const codec = codecOf(NEW)
    expect(countVerified(() => [codec.decode(textOf('a')), codec.decode(textOf('a'))])).toBe(1)
    expect(codec.decode(textOf('a'))?.id).toBe('a')
  })

  it('never takes one for another that begins, ends or is cased like it', () => {
    const codec = codecOf(NEW)
    const text = textOf('abc')
    codec.decode(text)
    for (const forged of [text.slice(0, -1), `${text}x`, text.toUpperCase(), text.replace('abc', 'abd')]) {
      expect(codec.decode(forged)).toBeUndefined()
    }
  })

  it('verifies what is forged each time, and remembers nothing of it', () => {
    const codec = codecOf(NEW)
    codec.decode(textOf('a'))
    expect(
      countVerified(() => {
        for (let i = 0; i < 3 * ENOUGH; i++) codec.decode(`s%3Aa.${i}`)
      }),
    ).toBe(3 * ENOUGH)
    expect(countVerified(() => codec.decode(textOf('a')))).toBe(0)
  })

  it('remembers a bounded number, and longest who comes often', () => {
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
