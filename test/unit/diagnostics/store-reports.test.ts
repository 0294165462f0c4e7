import { describe, expect, it } from 'vitest'
import { Reporter } from '../../../src/diagnostics/reporter'
import { addReporter, passReports, reportOn } from '../../../src/diagnostics/store-reports'

describe('reportOn', () => {
  it('tells each session of the store', () => {
    const store = {}
    const [a, b] = [collect(store), collect(store)]
    reportOn(store, 'SESSIONWARE_STORE', 'one')
    expect([a, b]).toEqual([['one'], ['one']])
  })

  it('keeps what comes before the first session until then', () => {
    const store = {}
    reportOn(store, 'SESSIONWARE_STORE', 'one')
    expect([collect(store), collect(store)]).toEqual([['one'], []])
  })

  it('tells nothing if the sessions of the store have no diagnostics', () => {
    const store = {}
    reportOn(store, 'SESSIONWARE_STORE', 'one')
    addReporter(store, undefined)
    const later = collect(store)
    expect(later).toEqual([])
  })
})

describe('passReports', () => {
  it('tells the sessions of the outer store, in both orders', () => {
    const [inner, outer] = [{}, {}]
    reportOn(inner, 'SESSIONWARE_STORE', 'before')
    passReports(inner, outer)
    const told = collect(outer)
    reportOn(inner, 'SESSIONWARE_NAME', 'after')
    expect(told).toEqual(['before', 'after'])
  })
})

function collect(store: object): string[] {
  const messages: string[] = []
  addReporter(store, new Reporter(({ message }) => messages.push(message), false))
  return messages
}
