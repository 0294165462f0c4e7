import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import root from '../../../package.json'
import { filesIn, repository } from '../../docs/markdown'
import clients from '../package.json'

/** Installed by `npm run example:next`, because it is large. */
const LARGE = ['nextjs']

const examples = filesIn('examples')
  .filter((file) => /^examples\/[\w.-]+\/package\.json$/.test(file))
  .filter((file) => !LARGE.includes(file.split('/')[1] as string))

describe.each(examples)('%s', (file) => {
  const manifest = JSON.parse(readFileSync(join(repository, file), 'utf8'))

  it('names the versions with which the tests run it', () => {
    const { sessionware, ...packages } = { ...manifest.dependencies, ...manifest.devDependencies }
    expect(sessionware).toBe('file:../..')
    expect({ ...root.devDependencies, ...clients.dependencies }).toMatchObject(packages)
  })

  it('has a script for npm start', () => {
    expect(manifest.scripts.start).toMatch(/^(node|tsx) \.$/)
  })
})
