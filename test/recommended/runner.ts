import { basename } from 'node:path'
import type { RunnerTask, RunnerTestCase, RunnerTestFile } from 'vitest'
import { VitestTestRunner } from 'vitest/runners'
import { type Differences, differences, untested } from './differences'

/**
 * Runs tests with the recommended settings: those that `differences.ts` lists must fail, and all others must pass. A title
 * there that no test has is an error.
 */
export default class RecommendedRunner extends VitestTestRunner {
  onCollected(files: RunnerTestFile[]): void {
    for (const file of files) expectDifferences(file)
  }
}

/** Tests of express-session itself, and of other servers than Express 5: `npm run test:unit` has them. */
const ELSEWHERE = /(with|on) '?(express-session|Express 4|node:http|HTTP\/2)/

function expectDifferences(file: RunnerTestFile): void {
  const name = basename(file.name, '.test.ts')
  const [elsewhere, tests] = [true, false].map((is) =>
    testsOf(file).filter((test) => ELSEWHERE.test(titleOf(test)) === is),
  ) as [RunnerTestCase[], RunnerTestCase[]]
  for (const test of [...elsewhere, ...listed(tests, untested, name)]) test.mode = 'skip'
  for (const test of listed(tests, differences, name)) test.fails = true
}

function listed(tests: RunnerTestCase[], list: Differences, file: string): RunnerTestCase[] {
  const titles = list.flatMap(({ tests }) => tests[file] ?? [])
  return titles.flatMap((title) => {
    const found = tests.filter((test) => titleOf(test).includes(title))
    if (found.length === 0) throw new Error(`test/recommended/differences.ts: no test has the title ${title}`)
    return found
  })
}

function titleOf(test: RunnerTask): string {
  return test.suite ? `${titleOf(test.suite)} ${test.name}`.trim() : test.name
}

function testsOf(task: RunnerTask): RunnerTestCase[] {
  return task.type === 'test' ? [task] : task.tasks.flatMap(testsOf)
}
