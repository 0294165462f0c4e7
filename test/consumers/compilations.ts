const nodenext = 'tsconfig.nodenext.json'
const bundler = 'tsconfig.bundler.json'
const node10 = 'tsconfig.node10.json'
const noInterop = 'tsconfig.no-interop.json'

/** Every way in which the TypeScript fixtures are compiled, with the arguments for Node. */
export const compilations = [
  compilation('typescript', nodenext, 'false'),
  compilation('typescript', nodenext, 'true'),
  compilation('typescript', bundler, 'false'),
  compilation('typescript', bundler, 'true'),
  compilation('typescript5', nodenext, 'false'),
  compilation('typescript5', nodenext, 'true'),
  // TypeScript 7 has dropped these two.
  compilation('typescript5', node10, 'false'),
  compilation('typescript5', noInterop, 'false'),
] as const

function compilation(compiler: string, project: string, skipLibCheck: 'true' | 'false') {
  const args = [`node_modules/${compiler}/bin/tsc`, '-p', project, '--skipLibCheck', skipLibCheck]
  return [`${compiler} -p ${project} --skipLibCheck ${skipLibCheck}`, args] as const
}
