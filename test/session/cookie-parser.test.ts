import cookieParser from 'cookie-parser'
import { sign } from 'cookie-signature'
import { describe, expect, it } from 'vitest'
import { type Layer, serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { compare, type SessionModule } from '../support/implementations'
import { outcome } from '../support/outcome'
import { record } from '../support/records'
import { SECRET, SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const GOOD = signedCookie('a')

const eatHeader: Layer = (req, _res, next) => {
  delete req.headers.cookie
  next()
}

describe('the middleware after cookie-parser', () => {
  it('reads the id from the header', async () => {
    expect(await viewsBehind([parser(SECRET)], GOOD)).toEqual({ ours: '200 6', upstream: '200 6' })
  })

  it('ignores an object in the session cookie', async () => {
    const seen = await viewsBehind([parser()], 'connect.sid=j:{}')
    expect(seen).toEqual({ ours: '200 1', upstream: '500 raw.substr is not a function' })
  })

  it.each(['j:[]', 'j:{"substr":1}', 'j:{"length":5}', 'j:null', 'j:"text"', 'j:5', 'j:['])(
    'ignores JSON in the session cookie: %s',
    async (value) => {
      expect((await viewsBehind([parser(SECRET)], `connect.sid=${value}`)).ours).toBe('200 1')
    },
  )
})

describe('req.signedCookies', () => {
  it('provides the id when the header was deleted', async () => {
    expect(await viewsBehind([parser(SECRET), eatHeader], GOOD)).toEqual({ ours: '200 6', upstream: '200 6' })
  })

  it('provides no id that cookie-parser refused', async () => {
    const seen = await viewsBehind([parser(SECRET), eatHeader], signedCookie('a', 'another secret'))
    expect(seen).toEqual({ ours: '200 1', upstream: '200 1' })
  })

  it('provides no id when it is an object', async () => {
    const value = encodeURIComponent(`s:${sign('j:{"id":"a"}', SECRET)}`)
    const seen = await viewsBehind([parser(SECRET), eatHeader], `connect.sid=${value}`)
    expect(seen.ours).toBe('200 1')
  })
})

describe('req.cookies', () => {
  it('provides the id when the header was deleted', async () => {
    expect(await viewsBehind([parser(), eatHeader], GOOD)).toEqual({ ours: '200 6', upstream: '200 6' })
  })

  it('provides no id without a valid signature', async () => {
    const seen = await viewsBehind([parser(), eatHeader], signedCookie('a', 'another secret'))
    expect(seen).toEqual({ ours: '200 1', upstream: '200 1' })
    expect((await viewsBehind([parser(), eatHeader], 'connect.sid=a')).ours).toBe('200 1')
  })

  it('provides no id when it is an object', async () => {
    const seen = await viewsBehind([parser(), eatHeader], 'connect.sid=j:{}')
    expect(seen).toEqual({ ours: '200 1', upstream: '500 raw.substr is not a function' })
  })
})

function parser(secret?: string) {
  return cookieParser(secret) as unknown as Layer
}

function viewsBehind(layers: Layer[], cookie: string) {
  return compare((session) => viewsOf(session, layers, cookie))
}

async function viewsOf(session: SessionModule, layers: Layer[], cookie: string) {
  const store = createStore(session)
  store.put('a', record({ views: 5 }))
  return outcome(session, serve(...layers, session({ ...SETTINGS, store }), countViews).get('/', cookie))
}
