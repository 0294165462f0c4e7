import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { packPackage, stagePackage } from '../support/package'

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the packed package. */
    tarball: string
  }
}

/** Called by vitest before it runs tests of this folder: builds and packs the package once for all of them. */
export default function setup({ provide }: TestProject) {
  const stage = stagePackage()
  provide('tarball', packPackage(stage))
  return () => rmSync(stage, { recursive: true })
}
