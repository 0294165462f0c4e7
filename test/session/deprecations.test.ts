import { describe, expect, it } from 'vitest'
import session from '../../src'
import { serve } from '../support/app'
import { answer } from '../support/handlers'
import { runProgram } from '../support/program'

const WARNINGS = [
  'undefined resave option; provide resave option',
  'undefined saveUninitialized option; provide saveUninitialized option',
  'req.secret; provide secret option',
  'cookie should be available in req.headers.cookie',
  'maxAge as Date; pass number of milliseconds instead',
]

describe('a deprecation', () => {
  it('is reported once, with the text of express-session', async () => {
    const { stderr } = await runProgram('deprecated')
    for (const warning of WARNINGS) {
      expect(stderr.split(`DeprecationWarning: express-session deprecated ${warning}\n`)).toHaveLength(2)
    }
  })

  it.each(['express-session', 'other,express-session'])('is silenced by NO_DEPRECATION=%s', async (value) => {
    const { stderr } = await runProgram('deprecated', { env: { NO_DEPRECATION: value } })
    expect(stderr).not.toContain('express-session deprecated')
  })

  it('is not silenced by another namespace', async () => {
    const { stderr } = await runProgram('deprecated', { env: { NO_DEPRECATION: 'other' } })
    expect(stderr).toContain('express-session deprecated')
  })

  it('does not end the process with --throw-deprecation, as in npm’s express-session', async () => {
    const node = ['--throw-deprecation']
    const ours = await runProgram('deprecated', { node })
    for (const warning of WARNINGS) {
      expect(ours.stderr.split(`Warning: express-session deprecated ${warning}\n`)).toHaveLength(2)
    }
    const silenced = await runProgram('deprecated', { node: [...node, '--no-deprecation'] })
    expect(silenced.stderr).not.toContain('express-session deprecated')
    const upstream = await runProgram('deprecated', { node, args: ['upstream'] })
    expect(upstream.stderr).toContain(`express-session deprecated ${WARNINGS[0]}`)
  })

  it('is silenced by --no-deprecation', async () => {
    const { stderr } = await runProgram('deprecated', { node: ['--no-deprecation'] })
    expect(stderr).not.toContain('express-session deprecated')
  })
})

describe('session() without options', () => {
  it('creates a middleware that passes an error for the missing secret', async () => {
    const res = await serve(session(), answer).get()
    expect([res.status, res.text]).toEqual([500, 'secret option required for sessions'])
  })
})
