import { describe, expect, it } from 'vitest'
import { collectFacts } from '../../../src/request/facts'
import type { Session } from '../../../src/session/session'
import { saveSession } from '../../../src/session/write-record'
import { loaded, promised, started } from '../../support/request-session'

describe('saveSession', () => {
  it('writes the session, which then counts as saved', async () => {
    const { owner, req, store } = loaded()
    const session = Object.assign(req.session as Session, { user: 'bob' })
    await promised((done) => saveSession(session, owner, owner.store, done))
    expect(store.calls).toEqual(['set a'])
    expect(collectFacts(owner)?.change).toMatchObject({ isModified: true, isSaved: true, wasSaved: true })
  })

  it('passes an error to the callback, and does not throw, if the data cannot be JSON', async () => {
    const { owner, req, store } = loaded()
    const session = Object.assign(req.session as Session, { big: 1n })
    await expect(promised((done) => saveSession(session, owner, owner.store, done))).rejects.toThrow(/BigInt/)
    expect(store.calls).toEqual([])
  })

  it('does not write a session that was replaced before it was stored', async () => {
    const { owner, req, store } = await started()
    const session = req.session as Session
    await promised((done) => session.regenerate(done))
    await promised((done) => saveSession(session, owner, owner.store, done))
    expect(store.calls).toEqual([])
  })

  it('writes a session that belongs to no request', async () => {
    const { owner, req, store } = loaded()
    await promised((done) => saveSession(req.session as Session, undefined, owner.store, done))
    expect(store.calls).toEqual(['set a'])
  })
})
