import { describe, expect, it } from 'vitest'
import type { TestedStore } from '../../src/store-suite'
import { rules } from '../../src/store-suite/rules'
import type { Break } from './breaks/break'
import { ofCompareAndSet } from './breaks/compare-and-set'
import { ofConduct } from './breaks/conduct'
import { ofLifetime } from './breaks/lifetime'
import { ofOverall } from './breaks/overall'
import { ofRecords } from './breaks/records'
import { collect, failuresOf } from './collect'
import { useFakeClock } from './fake-clock'
import { ALL_ABILITIES, ReferenceStore } from './reference-store'

const breaks: Break[] = [...ofRecords, ...ofConduct, ...ofLifetime, ...ofOverall, ...ofCompareAndSet]

/** In milliseconds: long enough for a busy machine. Each broken store that never answers takes this long. */
const TIMEOUT = 500

const advance = useFakeClock()

describe('the store suite', () => {
  it('passes for a store without faults', async () => {
    expect(await failuresWith(() => ({}))).toEqual([])
  })

  it.each(breaks)(
    'reports exactly the rules that are broken by a store that $fault',
    async ({ rules, methods }) => {
      expect(await failuresWith(methods)).toEqual(rules)
    },
  )

  it('is tested with a broken store for each rule', () => {
    const broken = new Set(breaks.flatMap((each) => each.rules))
    expect([...broken].sort()).toEqual(rules.map((rule) => rule.title).sort())
  })
})

async function failuresWith(methods: Break['methods']): Promise<string[]> {
  const { tests } = collect({
    create() {
      const right = new ReferenceStore()
      return Object.assign<TestedStore, object>(Object.create(right), methods(right))
    },
    abilities: ALL_ABILITIES,
    advance,
    timeout: TIMEOUT,
  })
  return [...(await failuresOf(tests)).keys()]
}
