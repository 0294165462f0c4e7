import { afterEach, describe, expect, it, vi } from 'vitest'
import { ours, type SessionModule } from '../support/implementations'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('session in production', () => {
  it('warns that a MemoryStore serves one process only', () => {
    expect(warningsOf('production', (session) => session(SETTINGS))).toEqual([
      expect.stringMatching(/memory of this process only/),
    ])
    const warnings = warningsOf('production', (session) =>
      session({ ...SETTINGS, store: new session.MemoryStore({ max: 10 }) }),
    )
    expect(warnings).toHaveLength(1)
  })

  it('does not warn about any other store', () => {
    expect(warningsOf('production', (session) => session({ ...SETTINGS, store: createStore() }))).toEqual([])
  })
})

describe('session in development', () => {
  it('does not warn', () => {
    expect(warningsOf('development', (session) => session(SETTINGS))).toEqual([])
  })
})

function warningsOf(environment: string, create: (session: SessionModule) => unknown): unknown[] {
  vi.stubEnv('NODE_ENV', environment)
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  create(ours)
  const texts = warn.mock.calls.map(([text]) => text)
  warn.mockRestore()
  return texts
}
