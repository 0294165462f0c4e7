import { resolve } from 'node:path'
import { installPackages } from './packages'

/** Installs what the folders of `test` need that are named on the command line. */
function main() {
  for (const name of process.argv.slice(2)) installPackages(resolve(__dirname, '..', name))
}

try {
  main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
