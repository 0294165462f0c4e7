import { describe, expect, it } from 'vitest'
import { serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { compare, type SessionModule } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'

describe('a request that changes its session', () => {
  it('serializes it once, while npm’s express-session serializes it several times', async () => {
    const times = await compare((session) => timesSerialized(session, signedCookie('a')))
    expect(times).toEqual({ ours: 1, upstream: 3 })
  })

  it('serializes a new session once', async () => {
    const times = await compare((session) => timesSerialized(session))
    expect(times).toEqual({ ours: 1, upstream: 4 })
  })
})

async function timesSerialized(session: SessionModule, cookie?: string) {
  const store = new session.MemoryStore()
  store.set('a', record() as never)
  let times = 0
  const app = serve(session({ ...SETTINGS, store }), (req, res) => {
    req.session.value = { toJSON: () => ++times }
    res.end()
  })
  await app.get('/', cookie)
  return times
}
