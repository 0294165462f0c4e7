import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json'
import { repository } from '../docs/markdown'

const workflow = readFileSync(join(repository, '.github/workflows/release.yml'), 'utf8')

describe('the release workflow', () => {
  it('publishes with provenance, by an id token and no secret', () => {
    expect(workflow).toMatch(/^ {6}id-token: write$/m)
    expect(workflow).toContain('npm publish --provenance')
    expect(workflow).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/)
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true })
  })

  it('runs only scripts that exist', () => {
    const scripts = [...workflow.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(scripts.length).toBeGreaterThan(2)
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(scripts))
  })

  it('has the files that package.json names', () => {
    expect(manifest.files.filter((file) => file !== 'dist' && !existsSync(join(repository, file)))).toEqual(
      [],
    )
  })
})
