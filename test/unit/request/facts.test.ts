import { describe, expect, it } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { collectFacts } from '../../../src/request/facts'
import { Session } from '../../../src/session/session'
import { freezeClock } from '../../support/clock'
import { recordFor } from '../../support/records'
import { loaded, prepared } from '../../support/request-session'

freezeClock(Date.UTC(2030, 0, 1))

describe('collectFacts', () => {
  it('has nothing to tell before there was a session', () => {
    expect(collectFacts(prepared().owner)).toBeUndefined()
  })

  it.each([undefined, null])('tells that the session was unset, to %s', (value) => {
    const { owner, req } = loaded()
    req.session = value
    expect(collectFacts(owner)).toMatchObject({ hasId: true, hasSession: false, isSentId: true })
  })

  it('tells that the id is dead, or is none', () => {
    const { owner, req } = loaded()
    owner.store.markDestroyed('a')
    expect(collectFacts(owner)).toMatchObject({ isDestroyed: true })
    req.sessionID = undefined
    expect(collectFacts(owner)).toMatchObject({ hasId: false, isSentId: false })
  })

  it('adopts what the application puts at req.session, which keeps the cookie', () => {
    const { owner, req } = loaded(recordFor(60_000))
    req.session = { cart: [1] }
    expect(collectFacts(owner)?.change).toMatchObject({ isModified: true, isSaved: false })
    expect(req.session).toBeInstanceOf(Session)
    expect(req.session).toMatchObject({ id: 'a', cart: [1], cookie: { originalMaxAge: 60_000 } })
  })

  it.each([null, 'text'])('adopts an object whose cookie is %j with the cookie of before', (cookie) => {
    const { owner, req } = loaded(recordFor(60_000))
    req.session = { cookie }
    collectFacts(owner)
    expect((req.session as Session).cookie).toBeInstanceOf(Cookie)
    expect(req.session).toMatchObject({ cookie: { originalMaxAge: 60_000 } })
  })

  it('adopts an object with a cookie of its own', () => {
    const { owner, req } = loaded()
    req.session = { cookie: { originalMaxAge: null, path: '/mine' } }
    collectFacts(owner)
    expect((req.session as Session).cookie).toMatchObject({ path: '/mine' })
  })

  it.each(['text', 5, true, () => {}])('throws for a session that is no object: %s', (value) => {
    const { owner, req } = loaded()
    req.session = value
    expect(() => collectFacts(owner)).toThrow(`req.session must be an object, not a ${typeof value}`)
  })
})
