import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Diagnostic, Reporter, reporterOf } from '../../../src/diagnostics/reporter'

const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})

beforeEach(() => {
  emit.mockClear()
})

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('Reporter', () => {
  it('tells each code once, with the message and the detail', () => {
    const tell = vi.fn()
    const reporter = new Reporter(tell, false)
    reporter.report('SESSIONWARE_NAME', 'one', { name: '5' })
    reporter.report('SESSIONWARE_NAME', 'two')
    reporter.report('SESSIONWARE_STORE', 'three')
    expect(tell.mock.calls.flat()).toEqual([
      { code: 'SESSIONWARE_NAME', message: 'one', detail: { name: '5' } },
      { code: 'SESSIONWARE_STORE', message: 'three', detail: {} },
    ])
  })

  it.each([
    [true, 1],
    [false, 0],
  ])('with advises: %j tells %i of two advices with the same code', (advises, count) => {
    const tell = vi.fn()
    const reporter = new Reporter(tell, advises)
    expect(reporter.wants('SESSIONWARE_SECRET')).toBe(advises)
    reporter.report('SESSIONWARE_SECRET', 'one')
    reporter.report('SESSIONWARE_SECRET', 'two')
    expect(tell).toHaveBeenCalledTimes(count)
    expect(reporter.wants('SESSIONWARE_SECRET')).toBe(false)
  })

  it('is on while it has a function, or the channel has a subscriber', () => {
    const silent = new Reporter(undefined, false)
    expect([silent.isOn, new Reporter(() => {}, false).isOn]).toEqual([false, true])
    const published = subscribeToDiagnostics()
    expect(silent.isOn).toBe(true)
    silent.report('SESSIONWARE_NAME', 'one')
    expect(published).toEqual([{ code: 'SESSIONWARE_NAME', message: 'one', detail: {} }])
  })
})

describe('reporterOf', () => {
  it('gives nothing for false', () => {
    expect(reporterOf(false)).toBeUndefined()
  })

  it.each(['production', 'test'])('is off by default where NODE_ENV is %s', (environment) => {
    vi.stubEnv('NODE_ENV', environment)
    expect(reporterOf(undefined)?.isOn).toBe(false)
  })

  it.each([undefined, '', 'development', 'staging'])(
    'warns without advice by default where NODE_ENV is %j',
    (environment) => {
      vi.stubEnv('NODE_ENV', environment)
      const reporter = reporterOf(undefined)
      expect([reporter?.wants('SESSIONWARE_GENID'), reporter?.wants('SESSIONWARE_SECRET')]).toEqual([
        true,
        false,
      ])
    },
  )

  it('tells each code once a process, with true and by default', () => {
    vi.stubEnv('NODE_ENV', 'development')
    for (const option of [true, undefined, true])
      reporterOf(option)?.report('SESSIONWARE_PATH', String(option))
    expect(emit.mock.calls).toEqual([['true', { code: 'SESSIONWARE_PATH' }]])
  })

  it('tells each code once for each function, with advice', () => {
    const told: string[] = []
    for (const name of ['a', 'b']) {
      const reporter = reporterOf(({ code }: Diagnostic) => told.push(`${name} ${code}`))
      for (let i = 0; i < 2; i++) reporter?.report('SESSIONWARE_SECRET', 'short')
    }
    expect(told).toEqual(['a SESSIONWARE_SECRET', 'b SESSIONWARE_SECRET'])
    expect(emit).not.toHaveBeenCalled()
  })

  it.each([
    ['throws', () => fail()],
    ['rejects', async () => fail()],
  ])('warns of a function that %s, and goes on', async (_what, tell) => {
    reporterOf(tell)?.report('SESSIONWARE_NAME', 'one')
    await new Promise(setImmediate)
    expect(emit.mock.calls.flat().join()).toMatch(/the diagnostics function has failed: Error: no disk/)
  })

  it.each(['on', 1, null, {}])('throws a TypeError for %j', (option) => {
    expect(() => reporterOf(option)).toThrow(TypeError)
    expect(() => reporterOf(option)).toThrow(/diagnostics option must be true, false or a function/)
  })
})

function fail(): never {
  throw new Error('no disk')
}

function subscribeToDiagnostics(): unknown[] {
  const messages: unknown[] = []
  const listen = (message: unknown) => messages.push(message)
  subscribe('sessionware:diagnostic', listen)
  onTestFinished(() => void unsubscribe('sessionware:diagnostic', listen))
  return messages
}
