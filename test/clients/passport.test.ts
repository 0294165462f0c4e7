import express from 'express'
import express4 from 'express4'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { ours, upstream } from '../support/implementations'
import { libraries } from '../support/libraries'
import { createPassportApp } from './passport-app'

const credentials = 'username=ada&password=secret'

const frameworks = [
  { framework: 'Express 5', use: express },
  { framework: 'Express 4', use: express4 },
]

describe.each(libraries)('passport with $library', ({ session }) => {
  describe.each(frameworks)('on $framework', ({ use }) => {
    it('logs in under a new id, and loads the user in the next request', async () => {
      const { app, agent } = start(session, use)
      await agent.post('/cart')
      const before = (await agent.get('/')).body
      await agent.post('/login').send(credentials).expect(302).expect('Location', '/')
      const after = (await agent.get('/')).body
      expect(before).toMatchObject({ user: null, cart: 'a book' })
      expect(after).toMatchObject({ user: { name: 'ada' }, cart: null })
      expect(after.sid).not.toBe(before.sid)
      expect((await supertest(app).get('/')).body.user).toBeNull()
    })

    it('keeps the session data at a login with keepSessionInfo', async () => {
      const { agent, store } = start(session, use)
      await agent.post('/cart')
      const before = (await agent.get('/')).body
      await agent.post('/login-and-keep').send(credentials).expect(302)
      const after = (await agent.get('/')).body
      expect(after).toMatchObject({ user: { name: 'ada' }, cart: 'a book' })
      expect(after.sid).not.toBe(before.sid)
      expect([...store.records.keys()]).toEqual([after.sid])
    })

    it('does not change the session after a wrong password', async () => {
      const { agent } = start(session, use)
      await agent.post('/cart')
      const before = (await agent.get('/')).body
      await agent.post('/login').send('username=ada&password=wrong').expect('Location', '/?failed')
      expect((await agent.get('/')).body).toEqual(before)
    })

    it('logs out, so that the old id has no session', async () => {
      const { agent, store } = start(session, use)
      await agent.post('/login').send(credentials)
      const inside = (await agent.get('/')).body
      await agent.post('/logout').expect(302)
      const outside = (await agent.get('/')).body
      expect([inside.user, outside.user]).toEqual([{ name: 'ada' }, null])
      expect(store.records.has(inside.sid)).toBe(false)
    })

    it('keeps data that is put into the session after the logout', async () => {
      const { agent } = start(session, use)
      await agent.post('/login').send(credentials)
      await agent.post('/cart')
      await agent.post('/logout-and-keep-cart').expect(302)
      expect((await agent.get('/')).body).toMatchObject({ user: null, cart: 'a book' })
    })
  })
})

describe('a logout with passport', () => {
  it('keeps a session that is assigned after destroy, under a new id', async () => {
    const { agent, store } = start(ours, express)
    await agent.post('/login').send(credentials)
    await agent.post('/cart')
    const inside = (await agent.get('/')).body
    await agent.post('/destroy-and-keep-cart').expect(302)
    const outside = (await agent.get('/')).body
    expect(outside).toMatchObject({ user: null, cart: 'a book' })
    expect([[...store.records.keys()], outside.sid === inside.sid]).toEqual([[outside.sid], false])
  })
})

describe('a login with passport', () => {
  it('writes the session once, while express-session writes it twice', async () => {
    expect(await writesOfLogin(upstream)).toEqual(['set', 'set'])
    expect(await writesOfLogin(ours)).toEqual(['set'])
  })
})

function start(session: typeof ours, framework: typeof express) {
  const { app, store } = createPassportApp(session, framework)
  return { app, store, agent: supertest.agent(app) }
}

async function writesOfLogin(session: typeof ours) {
  const { agent, store } = start(session, express)
  await agent.post('/login').send(credentials)
  return store.methods().filter((method) => method === 'set')
}
