import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { debug } from '../../../src/diagnostics/debug'
import { XaesKey } from '../../../src/stores/cookie/xaes'
import { type Layer, serve } from '../../support/app'
import { cookieSession, KEY } from '../../support/cookie-app'
import { cookieOf, setCookies, signedCookie } from '../../support/cookies'

const answerUser: Layer = (req, res) => {
  if (req.url === '/login') req.session.user = 'ada'
  res.end(req.session.user ?? 'nobody')
}

const app = serve(cookieSession(), answerUser)
const valid = async () => cookieOf(await app.get('/login'))
const changed = (pair: string, at: number) =>
  pair.slice(0, at) + (pair[at] === 'A' ? 'B' : 'A') + pair.slice(at + 1)

describe('a cookie that this application has not sealed', () => {
  it.each<[string, () => Promise<string> | string]>([
    ['with a changed nonce', async () => changed(await valid(), 20)],
    ['with a changed text', async () => changed(await valid(), 60)],
    ['with a changed tag', async () => changed(await valid(), (await valid()).length - 3)],
    ['that was cut', async () => (await valid()).slice(0, -8)],
    ['that is longer', async () => `${await valid()}AAAA`],
    [
      'with characters that base64url has not',
      async () => `${(await valid()).slice(0, 40)}+/${(await valid()).slice(42)}`,
    ],
    ['with another spelling of the same bytes', async () => `${await valid()}=`],
    ['that is empty', () => 'connect.sid='],
    [
      'of another key',
      async () =>
        cookieOf(await serve(cookieSession({}, { keys: [randomBytes(32)] }), answerUser).get('/login')),
    ],
    [
      'of another name',
      async () => {
        const other = serve(cookieSession({ name: 'other' }), answerUser)
        return cookieOf(await other.get('/login'), 'other').replace('other=', 'connect.sid=')
      },
    ],
    ['of express-session', () => signedCookie('abc')],
    ['of 8 kB of noise', () => `connect.sid=${randomBytes(6144).toString('base64url')}`],
    ['of 3 kB of noise', () => `connect.sid=${randomBytes(2048).toString('base64url')}`],
    ['with a text of another form', () => seal('{}')],
    ['with JSON of another form', () => seal('[1,2]\n{}')],
    ['with no JSON', () => seal('x\n{}')],
  ])('%s gives a new session, without an error and without a cookie', async (_what, make) => {
    const response = await app.get('/', await make())
    expect([response.status, response.text, setCookies(response)]).toEqual([200, 'nobody', []])
    expect(app.errors).toEqual([])
  })

  it('of any bytes gives a new session', async () => {
    const middleware = cookieSession()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 100 }), async (text) => {
        const req = { headers: { cookie: `connect.sid=${text}` }, url: '/', socket: {} }
        const err = await new Promise((resolve) => middleware(req as never, {} as never, resolve))
        expect([err, (req as never as { session: object }).session]).toEqual([undefined, expect.anything()])
        expect(Object.keys((req as never as { session: object }).session)).toEqual(['cookie'])
      }),
      { numRuns: 60 },
    )
  })

  it('is noted in the debug log', async () => {
    const lines: unknown[] = []
    debug.log = (...args) => lines.push(args[0])
    debug.enabled = true
    try {
      await app.get('/', changed(await valid(), 60))
    } finally {
      debug.enabled = false
    }
    expect(lines.join('\n')).toContain('sealed cookie invalid')
  })

  it('is decrypted at most three times in a request, whatever the request sends', async () => {
    const open = vi.spyOn(XaesKey.prototype, 'open')
    const noise = Array.from({ length: 10 }, () => `connect.sid=${randomBytes(100).toString('base64url')}`)
    const response = await app.get('/', [...noise, await valid()].join('; '))
    expect([response.text, open.mock.calls.length]).toEqual(['nobody', 3])
    open.mockRestore()
  })

  it('does not hide a valid one that follows it', async () => {
    const noise = `connect.sid=${randomBytes(100).toString('base64url')}`
    expect((await app.get('/', `${noise}; ${await valid()}`)).text).toBe('ada')
    expect((await app.get('/', `connect.sid="${(await valid()).slice(12)}"`)).text).toBe('ada')
  })
})

describe('keys', () => {
  it('open what an older one has sealed, which is sealed anew with the first one, once', async () => {
    const [old, current] = [randomBytes(32), randomBytes(32)]
    const login = cookieOf(await serve(cookieSession({}, { keys: [old] }), answerUser).get('/login'))
    const rotated = serve(cookieSession({ touchAfter: 1000 }, { keys: [current, old] }), answerUser)
    const first = await rotated.get('/', login)
    const second = await rotated.get('/', cookieOf(first))
    expect([first.text, second.text, setCookies(second)]).toEqual(['ada', 'ada', []])
    const without = serve(cookieSession({}, { keys: [current] }), answerUser)
    expect((await without.get('/', cookieOf(first))).text).toBe('ada')
    expect((await without.get('/', login)).text).toBe('nobody')
  })
})

function seal(text: string): string {
  const sealed = new XaesKey(createSecretKey(KEY)).seal(text, Buffer.from('connect.sid'))
  return `connect.sid=${sealed.toString('base64url')}`
}
