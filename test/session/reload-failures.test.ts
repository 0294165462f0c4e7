import { describe, expect, it } from 'vitest'
import type session from '../../src'
import { type Layer, serve } from '../support/app'
import { signedCookie } from '../support/cookies'
import { compare } from '../support/implementations'
import { crashesOf, outcome } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe('reload', () => {
  it('passes an error to its callback after destroy', async () => {
    const seen = await compare((session) =>
      trial(session, (req, res) => {
        const { session } = req
        session.destroy(() => session.reload((err: Error | undefined) => res.end(err?.message)))
      }),
    )
    expect(seen.ours).toEqual(['200 failed to load session'])
    expect(seen.upstream).toEqual(['no response', expect.stringMatching(/^Cannot read prop/)])
  })

  it('passes an error to its callback while destroy is running', async () => {
    const seen = await compare((session) =>
      trial(session, (req, res) => {
        const { session } = req
        session.destroy(() => {})
        session.reload((err: Error | undefined) => res.end(err?.message))
      }),
    )
    expect(seen.ours).toEqual(['200 failed to load session'])
  })

  it('passes an error to its callback for a record without a cookie', async () => {
    const seen = await compare((session) =>
      trial(session, (req, res) => {
        ;(req.sessionStore as unknown as ReturnType<typeof createStore>).put('a', { user: 'ann' })
        req.session.reload((err: Error | undefined) => res.end(err?.message))
      }),
    )
    expect(seen.ours).toEqual([expect.stringMatching(/^200 Cannot read prop/)])
    expect(seen.upstream).toEqual(['no response', expect.stringMatching(/^Cannot read prop/)])
  })
})

/** Returns the response, and the errors that would have ended the process. */
async function trial(implementation: typeof session, layer: Layer) {
  const { app } = create(layer, implementation)
  let seen = ''
  const crashes = await crashesOf(async () => {
    seen = await outcome(implementation, app.get('/', COOKIE))
  })
  return [seen, ...crashes]
}

function create(layer: Layer, implementation: typeof session) {
  const store = createStore(implementation)
  store.put('a', record({ value: 'stored' }))
  return { store, app: serve(implementation({ ...SETTINGS, store }), layer) }
}
