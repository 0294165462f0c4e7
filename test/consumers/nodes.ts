import { execFileSync } from 'node:child_process'

/** The Node versions that run the consumer projects: those in CONSUMER_NODES ("20,22,24,26"), or the one that runs the tests. */
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
