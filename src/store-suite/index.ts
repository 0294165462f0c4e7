import type { Ability, Rule } from './rule'
import { rules } from './rules'
import { type TestedStore, Trial, type TrialOptions } from './trial'

export type { Ability, TestedStore }

/** As much of a test runner as the suite needs: vitest, jest, mocha and node:test have it. */
export interface Runner {
  describe: (title: string, body: () => void) => unknown
  it: ((title: string, body: () => Promise<void>) => unknown) & {
    skip?: (title: string, body: () => Promise<void>) => unknown
  }
}

/** What is tested, and by which runner. */
export interface StoreSuiteOptions<S extends TestedStore = TestedStore> extends Runner, TrialOptions {
  /** What the report calls the store. Default: 'session store'. */
  name?: string | undefined
  /** Makes an empty store, or a promise of one; it is called for each rule anew. */
  create: () => S | Promise<S>
  /** Ends what `create` made: drops its records, closes its connections. Default: nothing is done. */
  close?: ((store: S) => unknown) | undefined
  /** What the store does beyond get, set and destroy. Default: nothing. */
  abilities?: readonly Ability[] | undefined
  /** Rules that the store is known to break, by title, each with the reason; they are skipped, and said to be. */
  known?: Readonly<Record<string, string>> | undefined
}

/**
 * Declares one test for each rule that a session store has to keep. Call it at the top of a test file:
 * `storeSuite({ describe, it, create: () => new MyStore(), abilities: ['touch', 'expiry'] })`.
 * Throws a TypeError where `known` names a rule that there is not.
 */
export function storeSuite<S extends TestedStore>(options: StoreSuiteOptions<S>): void {
  const { describe, name = 'session store', abilities = [], known = {} } = options
  checkTitles(Object.keys(known))
  describe(name, () => {
    for (const rule of rules) {
      if (rule.needs?.every((ability) => abilities.includes(ability)) ?? true) declare(rule, options)
    }
  })
}

function declare<S extends TestedStore>(rule: Rule, options: StoreSuiteOptions<S>): void {
  const { it, name = 'session store', known } = options
  const reason = known && Object.hasOwn(known, rule.title) ? known[rule.title] : undefined
  if (reason === undefined) return void it(rule.title, () => tryRule(rule, options))

  console.warn(`${name}: skipped "${rule.title}": ${reason}`)
  it.skip?.(`${rule.title} (${reason})`, () => tryRule(rule, options))
}

async function tryRule<S extends TestedStore>(rule: Rule, options: StoreSuiteOptions<S>): Promise<void> {
  const store = await options.create()
  try {
    await rule.check(new Trial(store, options))
  } finally {
    await options.close?.(store)
  }
}

function checkTitles(titles: string[]): void {
  for (const title of titles) {
    if (!rules.some((rule) => rule.title === title)) {
      throw new TypeError(`known names a rule that there is not: ${JSON.stringify(title)}`)
    }
  }
}
