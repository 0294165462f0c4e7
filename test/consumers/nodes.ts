import { execFileSync } from 'node:child_process'

/** The Node versions to run consumers on: those CONSUMER_NODES names ("20,22,24"), else the one that runs the tests. */
export function consumerNodes() {
  const majors = process.env.CONSUMER_NODES?.split(',') ?? [currentMajor]
  return majors.map((major) => ({
    major,
    node: major === currentMajor ? process.execPath : fetchNode(major),
  }))
}

const currentMajor = process.versions.node.split('.')[0] ?? ''

function fetchNode(major: string) {
  const args = ['--yes', `node@${major}`, '-p', 'process.execPath']
  return execFileSync('npx', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}
