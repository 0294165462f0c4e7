import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stagePackage } from '../support/package'
import { cookieOf, useExample } from './use-example'

// Both runs of the example inherit these environment variables.
const folder = mkdtempSync(join(tmpdir(), 'custom-store-'))
process.env.SESSION_FOLDER = folder
process.env.SESSION_SECRET = 'the same for both runs of the example'
afterAll(() => rmSync(folder, { recursive: true }))

let cookie: string

describe('the custom store', () => {
  const visit = useExample('custom-store')

  it('stores a session in a file', async () => {
    const first = await visit('/')
    cookie = cookieOf(first)
    expect(await first.text()).toBe('Visit 1')
    expect(await (await visit('/', { headers: { cookie } })).text()).toBe('Visit 2')
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\w{64}\.json$/)])
  })
})

describe('the custom store, after a restart', () => {
  const visit = useExample('custom-store')

  it('loads the session of a client from before the restart', async () => {
    expect(await (await visit('/', { headers: { cookie } })).text()).toBe('Visit 3')
  })
})

describe("the custom store's own tests", () => {
  let stage: string
  beforeAll(() => {
    stage = stagePackage()
    return () => rmSync(stage, { recursive: true })
  })

  it('pass the store suite with node:test', () => {
    const file = join(stage, 'examples/custom-store/file-store.test.js')
    const output = execFileSync(process.execPath, ['--test', '--test-reporter=tap', file], {
      encoding: 'utf8',
    })
    const [passed, failed] = ['pass', 'fail'].map((what) =>
      Number(new RegExp(`^# ${what} (\\d+)`, 'm').exec(output)?.[1]),
    )
    expect(passed).toBeGreaterThan(25)
    expect(failed).toBe(0)
  })
})
