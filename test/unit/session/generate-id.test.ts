import crypto from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import uid from 'uid-safe'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { generateId } from '../../../src/session/generate-id'
import { liveBytes } from '../../support/heap'

const ids = Array.from({ length: 1000 }, () => generateId())

describe('generateId', () => {
  it('returns 24 bytes in base64url, like express-session', () => {
    for (const id of ids) expect(id).toMatch(/^[\w-]{32}$/)
    expect(Buffer.from(ids[0] as string, 'base64url')).toHaveLength(24)
  })

  it('returns no id twice, nor half an id twice', () => {
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(ids.flatMap((id) => [id.slice(0, 16), id.slice(16)])).size).toBe(2 * ids.length)
  })

  it('uses the whole alphabet at each position', () => {
    for (let place = 0; place < 32; place++) {
      expect(new Set(ids.map((id) => id[place])).size).toBeGreaterThan(55)
    }
  })

  it('gives ids of bytes that were drawn in the same turn of the event loop, and keeps none for the next turn', async () => {
    await nextTurn()
    const draw = vi.spyOn(crypto, 'randomBytes')
    onTestFinished(() => draw.mockRestore())
    for (const count of [1, 20, 3]) {
      const drawn = Array.from({ length: count }, () => generateId())
      const bytes = draw.mock.results.map(({ value }) => (value as Buffer).toString('base64url')).join('')
      expect(bytes.slice(0, 32 * count)).toBe(drawn.join(''))
      draw.mockClear()
      await nextTurn()
    }
  })

  it('gives what a test has put in the place of the random generator', () => {
    const draw = vi.spyOn(uid, 'sync').mockReturnValue('mine')
    onTestFinished(() => draw.mockRestore())
    const given = Array.from({ length: 20 }, () => generateId())
    expect(given.slice(-3)).toEqual(['mine', 'mine', 'mine'])
  })

  it('needs no global timers: tests replace them, and jsdom lacks some', async () => {
    await nextTurn()
    vi.stubGlobal('setImmediate', undefined)
    onTestFinished(() => void vi.unstubAllGlobals())
    expect(generateId()).toMatch(/^[\w-]{32}$/)
  })

  it('does not keep the memory of other ids in use through one id', () => {
    const kept: string[] = []
    const keepOneOf100 = () => {
      for (let i = 0; i < 200_000; i++) {
        const id = generateId()
        if (i % 100 === 0) kept.push(id)
      }
    }
    keepOneOf100()
    const before = liveBytes()
    keepOneOf100()
    expect((liveBytes() - before) / 2_000).toBeLessThan(700)
    expect(kept).toHaveLength(4_000)
  })
})
