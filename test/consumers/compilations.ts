const nodenext = 'tsconfig.nodenext.json'
const bundler = 'tsconfig.bundler.json'
const node10 = 'tsconfig.node10.json'
const noInterop = 'tsconfig.no-interop.json'

/** The compilations of the TypeScript fixtures: a title, and the arguments for Node. */
export const compilations = [
  compilation('typescript', nodenext, 'false'),
  compilation('typescript', nodenext, 'true'),
  compilation('typescript', bundler, 'false'),
  compilation('typescript', bundler, 'true'),
  compilation('typescript5', nodenext, 'false'),
  compilation('typescript5', nodenext, 'true'),
  // TypeScript 7 does not support these two.
  compilation('typescript5', node10, 'false'),
  compilation('typescript5', noInterop, 'false'),
] as const

function compilation(compiler: string, project: string, skipLibCheck: 'true' | 'false') {
  const args = [`node_modules/${compiler}/bin/tsc`, '-p', project, '--skipLibCheck', skipLibCheck]
  return [`${compiler} -p ${project} --skipLibCheck ${skipLibCheck}`, args] as const
}
