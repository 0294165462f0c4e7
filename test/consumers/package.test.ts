import { execFileSync } from 'node:child_process'
import { describe, expect, inject, it } from 'vitest'
import { runTool } from '../support/package'

const tarball = inject('tarball')

describe('the packed package', () => {
  it('contains the build, the licence and the README, and nothing else', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
    const others = files.filter((file) => !/^package\/dist\/.+\.(js|d\.ts)$/.test(file))
    expect(others.sort()).toEqual(['package/LICENSE', 'package/README.md', 'package/package.json'])
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
