import { describe, expect, it } from 'vitest'
import session from '../../src'
import { hosts, type Layer, serve } from '../support/app'
import { setCookies, signedCookie } from '../support/cookies'
import { answer, setValue } from '../support/handlers'
import { record } from '../support/records'
import { SECRET, SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe.each(hosts)('resave with $name', (host) => {
  it('true writes a session that did not change', async () => {
    expect(await callsOf(host.serve, true, answer)).toEqual(['get', 'set'])
  })

  it('false touches it', async () => {
    expect(await callsOf(host.serve, false, answer)).toEqual(['get', 'touch'])
  })

  it('false writes a session that changed', async () => {
    expect(await callsOf(host.serve, false, setValue('new'))).toEqual(['get', 'set'])
  })
})

describe('resave', () => {
  it('is true by default', async () => {
    expect(await callsOf(serve, undefined, answer)).toEqual(['get', 'set'])
  })

  it('false does not write when a key is set to its old value', async () => {
    expect(await callsOf(serve, false, setValue('old'))).toEqual(['get', 'touch'])
  })

  it('false writes a nested change', async () => {
    const change: Layer = (req, res) => {
      ;(req.session as { deep?: { list: number[] } }).deep?.list.push(3)
      res.end()
    }
    expect(await callsOf(serve, false, change)).toEqual(['get', 'set'])
  })

  it('false writes when a key was deleted', async () => {
    const remove: Layer = (req, res) => {
      delete req.session.value
      res.end()
    }
    expect(await callsOf(serve, false, remove)).toEqual(['get', 'set'])
  })

  it('false does not write a saved session again', async () => {
    const save: Layer = (req, res) => {
      req.session.value = 'new'
      req.session.save(() => res.end())
    }
    expect(await callsOf(serve, false, save)).toEqual(['get', 'set', 'touch'])
  })

  it('true does not write a saved session again', async () => {
    const save: Layer = (req, res) => {
      req.session.value = 'new'
      req.session.save(() => res.end())
    }
    expect(await callsOf(serve, true, save)).toEqual(['get', 'set', 'touch'])
  })

  it('false writes a session that changed after it was saved', async () => {
    const save: Layer = (req, res) => {
      req.session.value = 'new'
      req.session.save(() => {
        req.session.value = 'newer'
        res.end()
      })
    }
    expect(await callsOf(serve, false, save)).toEqual(['get', 'set', 'set'])
  })

  it.each([true, false])('%s sends no cookie to a browser that has it', async (resave) => {
    const store = seeded()
    const app = serve(session({ ...SETTINGS, store, resave }), setValue('new'))
    expect(setCookies(await app.get('/', COOKIE))).toEqual([])
  })
})

async function callsOf(
  serve: typeof import('../support/app').serve,
  resave: boolean | undefined,
  layer: Layer,
) {
  const store = seeded()
  const options = {
    secret: SECRET,
    saveUninitialized: false,
    store,
    ...(resave === undefined ? {} : { resave }),
  }
  await serve(session(options), layer).get('/', COOKIE)
  return store.methods()
}

function seeded() {
  const store = createStore()
  store.put('a', record({ value: 'old', deep: { list: [1, 2] } }))
  return store
}
