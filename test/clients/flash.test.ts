import flash from 'connect-flash'
import express, { type RequestHandler } from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import type { SessionModule } from '../support/implementations'
import { libraries } from '../support/libraries'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

describe.each(libraries)('connect-flash with $library', ({ session }) => {
  it('shows a message once, after the redirect', async () => {
    const agent = supertest.agent(createApp(session))
    await agent.post('/save?note=saved').expect(302)
    expect((await agent.get('/')).body).toEqual({ note: ['saved'] })
    expect((await agent.get('/')).body).toEqual({})
  })

  it('shows several messages in order', async () => {
    const agent = supertest.agent(createApp(session))
    await agent.post('/save?note=one')
    await agent.post('/save?note=two')
    expect((await agent.get('/')).body).toEqual({ note: ['one', 'two'] })
  })

  it('shows a message only to the client that it is for', async () => {
    const app = createApp(session)
    const [ada, eve] = [supertest.agent(app), supertest.agent(app)]
    await eve.post('/save?note=hers')
    await ada.post('/save?note=his')
    expect((await eve.get('/')).body).toEqual({ note: ['hers'] })
    expect((await ada.get('/')).body).toEqual({ note: ['his'] })
    expect((await supertest(app).get('/')).body).toEqual({})
  })
})

function createApp(session: SessionModule) {
  const app = express()
  app.use(session({ ...SETTINGS, store: createStore(session) }) as RequestHandler, flash())
  app.post('/save', (req, res) => {
    req.flash('note', String(req.query.note))
    res.redirect('/')
  })
  app.get('/', (req, res) => void res.json(req.flash()))
  return app
}
