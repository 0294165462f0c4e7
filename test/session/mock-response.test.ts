import { describe, expect, it } from 'vitest'
import { signedCookie } from '../support/cookies'
import { compare, ours, type SessionModule } from '../support/implementations'
import { record } from '../support/records'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

const COOKIE = signedCookie('a')

describe('a mock response with only setHeader, getHeader, writeHead and end', () => {
  it('ends after the new session is saved, and has its cookie', async () => {
    const { store, sent, headers } = await request(ours, {})
    expect(sent).toEqual([['head', 200], 'saved', ['end', 'ok']])
    const [, sid] = [...store.records.keys()]
    expect(store.record(sid).user).toBe('ann')
    expect(headers.get('set-cookie')).toEqual([`${signedCookie(sid ?? '')}; Path=/; HttpOnly`])
  })

  it('ends after the changed session is saved', async () => {
    const { store, sent } = await request(ours, { cookie: COOKIE })
    expect(sent).toEqual([['head', 200], 'saved', ['end', 'ok']])
    expect(store.record('a').user).toBe('ann')
  })

  it('does not work with express-session, which uses private properties of Node’s response', async () => {
    const ended = await compare(async (session) => {
      const { sent } = await request(session, {}).catch((err: Error) => ({ sent: err.message }))
      return sent
    })
    expect(ended.ours).toContainEqual(['end', 'ok'])
    expect(ended.upstream).toMatch(/is not a function/)
  })
})

async function request(session: SessionModule, headers: { cookie?: string }) {
  const store = createStore(session)
  store.put('a', record())
  const { set } = store
  const { res, sent, ended, head } = createMock()
  store.set = (sid, data, done) =>
    set.call(store, sid, data, (err) => {
      sent.push('saved')
      done?.(err)
    })
  await new Promise<void>((resolve, reject) => {
    const req = { url: '/', method: 'GET', headers, session: undefined as { user?: string } | undefined }
    session({ ...SETTINGS, store })(req as never, res as never, (err) => {
      if (err) return reject(err)
      try {
        if (req.session) req.session.user = 'ann'
        res.end('ok')
      } catch (fault) {
        return reject(fault)
      }
      void ended.then(resolve)
    })
  })
  return { store, sent, headers: head }
}

function createMock() {
  const sent: unknown[] = []
  const head = new Map<string, unknown>()
  let noteEnd = () => {}
  const ended = new Promise<void>((resolve) => {
    noteEnd = resolve
  })
  const res = {
    statusCode: 200,
    setHeader: (name: string, value: unknown) => void head.set(name.toLowerCase(), value),
    getHeader: (name: string) => head.get(name.toLowerCase()),
    writeHead: (status: number) => void sent.push(['head', status]),
    end(chunk: string) {
      sent.push(['end', chunk])
      noteEnd()
    },
  }
  return { res, sent, ended, head }
}
