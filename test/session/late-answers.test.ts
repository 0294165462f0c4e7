import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts } from '../support/app'
import { signedCookie } from '../support/cookies'
import { countViews } from '../support/handlers'
import { crashesOf } from '../support/outcome'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe.each(hosts)('a store that answers after the client disconnected, with $name', (host) => {
  it.each(['get', 'set'] as const)('in %s does not disturb the next request', async (method) => {
    const store = createStore()
    store.put('a', record({ views: 5 }))
    const app = host.serve(session({ ...SETTINGS, store }), countViews)
    const held = store.hold(method)
    const crashes = await crashesOf(async () => {
      const request = app.get('/', COOKIE)
      const gone = request.then(
        () => 'answered',
        () => 'gone',
      )
      await held.called
      request.abort()
      held.release()
      await Promise.race([gone, new Promise((resolve) => request.once('abort', resolve))])
      expect((await app.get('/', COOKIE)).text).toBe('7')
    })
    expect(crashes).toEqual([])
    expect(app.errors).toEqual([])
  })
})
