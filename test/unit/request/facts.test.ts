import { describe, expect, it } from 'vitest'
import { Cookie } from '../../../src/cookie/cookie'
import { collectFacts } from '../../../src/request/facts'
import { Session } from '../../../src/session/session'
import { freezeClock } from '../../support/clock'
import { recordFor } from '../../support/records'
import { loaded, prepared } from '../../support/request-session'

freezeClock(Date.UTC(2030, 0, 1))

describe('collectFacts', () => {
  it('returns undefined before there is a session', () => {
    expect(collectFacts(prepared().owner)).toBeUndefined()
  })

  it.each([undefined, null])('reports that the session was set to %s', (value) => {
    const { owner, req } = loaded()
    req.session = value
    expect(collectFacts(owner)).toMatchObject({ hasId: true, hasSession: false, isSentId: true })
  })

  it('reports that the id is destroyed or missing', () => {
    const { owner, req } = loaded()
    owner.store.ids.end('a')
    expect(collectFacts(owner)).toMatchObject({ isDestroyed: true })
    req.sessionID = undefined
    expect(collectFacts(owner)).toMatchObject({ hasId: false, isSentId: false })
  })

  it('makes an object that is assigned to req.session the session, with the old cookie', () => {
    const { owner, req } = loaded(recordFor(60_000))
    req.session = { cart: [1] }
    expect(collectFacts(owner)?.change).toMatchObject({ isModified: true, isSaved: false })
    expect(req.session).toBeInstanceOf(Session)
    expect(req.session).toMatchObject({ id: 'a', cart: [1], cookie: { originalMaxAge: 60_000 } })
  })

  it.each([null, 'text'])('uses the old cookie for an assigned object whose cookie is %j', (cookie) => {
    const { owner, req } = loaded(recordFor(60_000))
    req.session = { cookie }
    collectFacts(owner)
    expect((req.session as Session).cookie).toBeInstanceOf(Cookie)
    expect(req.session).toMatchObject({ cookie: { originalMaxAge: 60_000 } })
  })

  it('uses the cookie of an assigned object', () => {
    const { owner, req } = loaded()
    req.session = { cookie: { originalMaxAge: null, path: '/mine' } }
    collectFacts(owner)
    expect((req.session as Session).cookie).toMatchObject({ path: '/mine' })
  })

  it.each(['text', 5, true, () => {}])('throws for a session that is not an object: %s', (value) => {
    const { owner, req } = loaded()
    req.session = value
    expect(() => collectFacts(owner)).toThrow(`req.session must be an object, not a ${typeof value}`)
  })
})
