import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import manifest from '../../package.json'
import { repository } from '../docs/markdown'
import { runTool } from '../support/package'

const tarball = inject('tarball')

/** In bytes. */
const LARGEST = 300_000

describe('the packed package', () => {
  it('contains the build, the licence, the README and the changelog, and nothing else', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
    const others = files.filter((file) => !/^package\/dist\/.+\.(js|d\.ts)$/.test(file))
    expect(others.sort()).toEqual([
      'package/CHANGELOG.md',
      'package/LICENSE',
      'package/README.md',
      'package/package.json',
    ])
  })

  it('is small: a mistake in what is packed is noticed', () => {
    expect(statSync(tarball).size).toBeLessThan(LARGEST)
  })

  it('has the version of the newest section of the changelog', () => {
    const changelog = readFileSync(join(repository, 'CHANGELOG.md'), 'utf8')
    expect(/^## (\S+)/m.exec(changelog)?.[1]).toBe(manifest.version)
  })

  it('passes publint', () => {
    expect(runTool('publint', ['run', tarball, '--strict'], 'test/consumers')).toContain('All good!')
  })

  it('passes attw', () => {
    expect(
      runTool('attw', [tarball, '--format', 'ascii', '--no-emoji', '--no-color'], 'test/consumers'),
    ).toContain('No problems found')
  })
})
