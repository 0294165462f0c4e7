import { join } from 'node:path'
import { installPackages } from './packages'

/** Called by vitest before it runs tests of a project; the project has the name of its folder. */
export default function setup({ name }: { name: string }) {
  installPackages(join(__dirname, '..', name))
}
