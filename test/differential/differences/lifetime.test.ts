import { describe, expect, it, vi } from 'vitest'
import type { Layer } from '../../support/app'
import { signedCookie } from '../../support/cookies'
import { answer } from '../../support/handlers'
import { compare } from '../../support/implementations'
import { recordFor } from '../../support/records'
import { visit } from './visit'

describe('cookie.maxAge', () => {
  it('is saved and sent when nothing else was changed', async () => {
    const remember: Layer = (req, res) => {
      req.session.cookie.maxAge = 90_000
      res.end()
    }
    const seen = await compare(async (session) => {
      const { methods, cookies } = await visit(session, visitor(), remember)
      return { methods, cookies }
    })
    expect(seen).toEqual({
      ours: { methods: ['get', 'set'], cookies: 1 },
      upstream: { methods: ['get', 'touch'], cookies: 0 },
    })
  })

  it('causes a cookie without an expiry when it is set to null', async () => {
    const forget: Layer = (req, res) => {
      req.session.cookie.maxAge = null as never
      req.session.value = 'changed'
      res.end()
    }
    const sent = await compare(async (session) => (await visit(session, visitor(), forget)).cookies)
    expect(sent).toEqual({ ours: 1, upstream: 0 })
  })

  it('does not become shorter while the clock advances', async () => {
    const originalMaxAge = await compare(async (session) => {
      const { store } = await visit(session, visitor(), tick, answer)
      vi.restoreAllMocks()
      return store.record('a').cookie.originalMaxAge
    })
    expect(originalMaxAge.ours).toBe(60_000)
    expect(originalMaxAge.upstream).toBeLessThan(60_000)
  })

  const visitor = () => ({ cookie: signedCookie('a'), records: { a: recordFor(60_000) } })

  const tick: Layer = (_req, _res, next) => {
    let now = Date.now()
    vi.spyOn(Date, 'now').mockImplementation(() => ++now)
    next()
  }
})
