import { type StoreSuiteOptions, storeSuite, type TestedStore } from '../../src/store-suite'

type Declared = { title: string; body: () => Promise<void> }

/** Declares the suite's tests with a runner that only records them. */
export function collect<S extends TestedStore>(options: Omit<StoreSuiteOptions<S>, 'describe' | 'it'>) {
  const suites: string[] = []
  const tests: Declared[] = []
  const skipped: Declared[] = []
  const it = (title: string, body: Declared['body']) => void tests.push({ title, body })
  it.skip = (title: string, body: Declared['body']) => void skipped.push({ title, body })
  const describe = (title: string, body: () => void) => {
    suites.push(title)
    body()
  }
  storeSuite({ ...options, describe, it })
  return { suites, tests, skipped }
}

/** Runs the tests one after another and returns the errors of the failed ones, by title. */
export async function failuresOf(tests: Declared[]): Promise<Map<string, Error>> {
  const failures = new Map<string, Error>()
  for (const { title, body } of tests) {
    await body().catch((err: Error) => failures.set(title, err))
  }
  return failures
}
