import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { runTool } from '../support/package'
import { cookieOf, runExample } from './use-example'

const { visit, stageOf } = runExample('typescript')

const post = (path: string, body: object, cookie = '') =>
  visit(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { cookie, 'content-type': 'application/json' },
  })

describe('the TypeScript example', () => {
  it('names its requests on the start page', async () => {
    expect(await (await visit('/')).text()).toContain('GET /me')
  })

  it('keeps what it has declared in the session', async () => {
    const cookie = cookieOf(await post('/login', { name: 'ada' }))
    const headers = { cookie }
    await visit('/me', { headers })
    expect(await (await visit('/me', { headers })).json()).toEqual({
      name: 'ada',
      roles: ['reader'],
      visits: 2,
    })
    await post('/read', {}, cookie)
    expect(await (await post('/read', {}, cookie)).json()).toEqual({ read: 2 })
    expect((await post('/logout', {}, cookie)).status).toBe(204)
    expect((await visit('/me', { headers })).status).toBe(401)
  })

  it('rejects a login without a name', async () => {
    expect((await post('/login', {})).status).toBe(400)
  })

  it('compiles with its own strict settings, and does not with a wrong type of session data', () => {
    const folder = join(stageOf(), 'examples/typescript')
    expect(runTool('tsc', ['-p', folder])).toBe('')
    writeFileSync(join(folder, 'wrong.ts'), `import './session-data'\n${WRONG}`)
    expect(() => runTool('tsc', ['-p', folder])).toThrow()
  })
})

const WRONG = "export const wrong = (req: import('express').Request) => (req.session.visits = 'one')\n"

describe('npm start', () => {
  const run = (env: object, ...args: string[]) =>
    promisify(execFile)(process.execPath, [join(stageOf(), 'examples'), ...args], {
      env: { ...process.env, ...env },
    })

  it('says which examples there are, for an unknown name', async () => {
    await expect(run({}, 'unknown')).rejects.toThrow(/no example "unknown".*login.*view-counter/)
  })

  it('says what to do in the folder of an example with packages of its own', async () => {
    await expect(run({}, 'ws')).rejects.toThrow('run npm install and npm start in examples/ws')
  })

  it('starts the example in whose folder it was called', async () => {
    const { stdout } = await run({
      INIT_CWD: join(stageOf(), 'examples/view-counter'),
      PORT: '0',
      NODE_OPTIONS: QUIT,
    })
    expect(stdout).toContain('View counter')
  })
})

/** Ends the process when its server has printed the address. */
const QUIT = `--require ${join(__dirname, 'quit.cjs')}`
