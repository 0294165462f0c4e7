import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/program'

const GONE_WRONG = ['SESSIONWARE_COOKIE_NOT_SENT', 'SESSIONWARE_OPTION', 'SESSIONWARE_SECONDS']

describe('diagnostics as process warnings', () => {
  it.each<[what: string, option: string, environment: string, codes: string[]]>([
    ['by default in development', 'null', 'development', GONE_WRONG],
    ['by default without NODE_ENV', 'null', '', GONE_WRONG],
    ['not by default in production', 'null', 'production', []],
    ['not by default in tests', 'null', 'test', []],
    ['not with false', 'false', 'development', []],
    [
      'with advice for true, in production too',
      'true',
      'production',
      [...GONE_WRONG, 'SESSIONWARE_NO_TIMEOUT', 'SESSIONWARE_PROCESS_MEMORY', 'SESSIONWARE_SECRET'].sort(),
    ],
  ])('are emitted once for each code %s', async (_what, option, NODE_ENV, codes) => {
    const { stdout, stderr } = await runProgram('diagnosed', { args: [option], env: { NODE_ENV } })
    const emitted = [...stderr.matchAll(/\[(SESSIONWARE_\w+)\] Warning: /g)].map(([, code]) => code)
    expect(emitted.sort()).toEqual(codes)
    const secrets: string[] = JSON.parse(stdout)
    expect(secrets.filter((secret) => stderr.includes(secret))).toEqual([])
  })

  it('can be silenced by their code', async () => {
    const node = [`--disable-warning=SESSIONWARE_OPTION`]
    const { stderr } = await runProgram('diagnosed', { node, env: { NODE_ENV: '' } })
    expect(stderr).toContain('SESSIONWARE_SECONDS')
    expect(stderr).not.toContain('SESSIONWARE_OPTION')
  })
})

describe('DEBUG=express-session', () => {
  it('prints one line for each request, without ids and secrets', async () => {
    const env = { DEBUG: 'express-session', NODE_ENV: 'production' }
    const { stdout, stderr } = await runProgram('diagnosed', { args: ['false'], env })
    const lines = stderr.match(/express-session connect\.sid: .*/g) ?? []
    expect(lines).toHaveLength(6)
    expect(lines[1]).toMatch(
      /connect\.sid: 1 cookie \(loaded\); MemoryStore: found in \d+\.\d ms; changed: views; save, because views has changed; cookie sent, because the session has changed, so its expiry moves/,
    )
    expect(lines[2]).toMatch(/1 cookie \(missing\); .*; cookie not sent, because the cookie is secure/)
    const secrets: string[] = JSON.parse(stdout)
    expect(secrets.filter((secret) => stderr.includes(secret))).toEqual([])
  })
})
