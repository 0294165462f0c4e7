import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/program'

describe('DEBUG=express-session', () => {
  it('logs what the middleware does', async () => {
    const { stderr } = await runProgram('debugged', { env: { DEBUG: 'express-session' } })
    for (const line of ['no SID sent', 'fetching', 'saving', 'cookie signature invalid', 'cookie unsigned']) {
      expect(stderr).toMatch(new RegExp(`express-session .*${line}`))
    }
  })

  it('prints no id and no cookie, unlike npm’s express-session', async () => {
    const [ours, upstream] = await Promise.all([leaksOf('ours'), leaksOf('upstream')])
    expect(ours).toEqual([])
    expect(upstream.length).toBeGreaterThan(2)
  })

  it('logs nothing when it is not set', async () => {
    const { stderr } = await runProgram('debugged', { env: { DEBUG: '' } })
    expect(stderr).not.toContain('express-session')
  })
})

async function leaksOf(implementation: string) {
  const options = { args: [implementation], env: { DEBUG: 'express-session' } }
  const { stdout, stderr } = await runProgram('debugged', options)
  const secrets: string[] = JSON.parse(stdout)
  return secrets.filter((secret) => stderr.includes(secret))
}
