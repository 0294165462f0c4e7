import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { packPackage, runTool, stagePackage } from '../support/package'

let tarball: string
beforeAll(() => {
  const stage = stagePackage()
  tarball = packPackage(stage)
  return () => rmSync(stage, { recursive: true })
})

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
