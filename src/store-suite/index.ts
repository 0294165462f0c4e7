import type { Ability, Rule } from './rule'
import { rules } from './rules'
import { type TestedStore, Trial, type TrialOptions } from './trial'

export type { Ability, TestedStore }

/** The functions of a test runner that the suite calls; vitest, jest, mocha and node:test have them. */
export interface Runner {
  describe: (title: string, body: () => void) => unknown
  it: ((title: string, body: () => Promise<void>) => unknown) & {
    skip?: (title: string, body: () => Promise<void>) => unknown
  }
}

/** The store to test, and the test runner. */
export interface StoreSuiteOptions<S extends TestedStore = TestedStore> extends Runner, TrialOptions {
  /** The store's name in the test report. Default: 'session store'. */
  name?: string | undefined
  /** Returns an empty store, or a promise of one. Called once for each rule. */
  create: () => S | Promise<S>
  /** Removes the records of a store that `create` returned and closes its connections. Default: does nothing. */
  close?: ((store: S) => unknown) | undefined
  /** What the store supports in addition to `get`, `set` and `destroy`. Default: nothing. */
  abilities?: readonly Ability[] | undefined
  /** Rules that the store is known to break: the reason by the rule's title. They are skipped, the reason is printed. */
  known?: Readonly<Record<string, string>> | undefined
}

/**
 * Declares one test for each rule that a session store must follow. Call it at the top level of a test file:
 * `storeSuite({ describe, it, create: () => new MyStore(), abilities: ['touch', 'expiry'] })`.
 * Throws a TypeError when `known` names a rule that does not exist.
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
  if (reason === undefined) return void it(rule.title, () => checkRule(rule, options))

  console.warn(`${name}: skipped "${rule.title}": ${reason}`)
  it.skip?.(`${rule.title} (${reason})`, () => checkRule(rule, options))
}

async function checkRule<S extends TestedStore>(rule: Rule, options: StoreSuiteOptions<S>): Promise<void> {
  const store = await options.create()
  try {
    await rule.check(new Trial(store, options))
  } catch (err) {
    // A store that breaks the rule may fail to close, too: the rule's error says more.
    await closeStore(store, options).catch(() => {})
    throw err
  }
  await closeStore(store, options)
}

async function closeStore<S extends TestedStore>(store: S, { close }: StoreSuiteOptions<S>): Promise<void> {
  await close?.(store)
}

function checkTitles(titles: string[]): void {
  for (const title of titles) {
    if (!rules.some((rule) => rule.title === title)) {
      throw new TypeError(`known names a rule that does not exist: ${JSON.stringify(title)}`)
    }
  }
}
