import { parseArgs } from 'node:util'
import { Random } from '../support/random'
import { slotOf } from './slot'
import { table } from './table'

const { values: args } = parseArgs({
  options: {
    /** Masters of the cluster. */
    shards: { type: 'string', multiple: true, default: ['1', '3', '6', '12', '24', '48'] },
    /** Active sessions. Each of them is as likely to send the next request. */
    sessions: { type: 'string', default: '1000000' },
    /** Requests of one session in a second, while it is in use. */
    rate: { type: 'string', default: '0.1' },
    /** The share of requests that change the session, in percent. */
    writes: { type: 'string', default: '10' },
    /** The same for logins. */
    logins: { type: 'string', default: '0.5' },
    /** Milliseconds of the option touchAfter. */
    touchAfter: { type: 'string', default: '60000' },
    /** How much of its processor a shard may use, in percent, so that it has room for bursts. */
    load: { type: 'string', default: '60' },
  },
})

/**
 * The CPU time of a shard for one command, in microseconds: of a redis-server 7.0 with records of 1 kB and 20 commands in
 * flight, its socket included. A shard uses one processor.
 */
const COST = { get: 3.6, touch: 4, write: 17, create: 16, destroy: 7, index: 15 }

type Command = keyof typeof COST

const SLOTS = 16_384
const USERS_SHARE = 0.8

/** Simulates one second of requests of a cluster, and prints how many the busiest shard lets through. */
function main() {
  const requests = 200_000
  for (const hasIndex of [false, true]) {
    const rows = args.shards
      .map(Number)
      .map((shards) => row(shards, simulate(shards, requests, hasIndex), requests))
    console.log(`${hasIndex ? 'With' : 'Without'} the index of users\n\n${table(rows)}\n`)
  }
  console.log(largestUser())
}

function row(shards: number, busy: number[], requests: number) {
  const total = busy.reduce((sum, each) => sum + each, 0)
  const busiest = Math.max(...busy)
  const perSecond = (Number(args.load) / 100) * (1e6 / (busiest / requests))
  return {
    shards: String(shards),
    'Redis µs per request': total / requests,
    'busiest shard, share of an even one': busiest / (total / shards),
    'requests per second': perSecond,
    'sessions in use': perSecond / Number(args.rate),
  }
}

/** Returns the processor time of each shard, in microseconds, for so many requests of random sessions. */
function simulate(shards: number, requests: number, hasIndex: boolean): number[] {
  const busy = new Array<number>(shards).fill(0)
  const add = (key: string, command: Command) => {
    const shard = Math.floor((slotOf(key) * shards) / SLOTS)
    busy[shard] = (busy[shard] ?? 0) + COST[command]
  }
  const sessions = Number(args.sessions)
  const touches = Math.min(1, 1000 / (Number(args.rate) * Number(args.touchAfter)))
  const random = new Random(7)
  for (let i = 0; i < requests; i++) {
    const session = random.below(sessions)
    const kind = random.next() * 100
    const user = session < sessions * USERS_SHARE ? `sessu:${session}` : undefined
    let isWritten = true
    if (kind < Number(args.logins)) {
      add(`sess:${session}`, 'get')
      add(`sess:${session}`, 'destroy')
      add(`sess:new${i}`, 'create')
    } else {
      add(`sess:${session}`, 'get')
      const isChanged = kind < Number(args.logins) + Number(args.writes)
      isWritten = isChanged || random.next() < touches
      if (isWritten) add(`sess:${session}`, isChanged ? 'write' : 'touch')
    }
    if (hasIndex && user && isWritten) add(user, 'index')
  }
  return busy
}

/** A set of one user is on one shard, so its size and its writes have a limit. */
function largestUser(): string {
  const writesPerSession = (Number(args.writes) / 100) * Number(args.rate) + 1000 / Number(args.touchAfter)
  const most = Math.floor(((Number(args.load) / 100) * 1e6) / COST.index / writesPerSession)
  return [
    `The set of one user is on one shard. It is re-scored ${writesPerSession.toFixed(3)} times a second for each session in use,`,
    `so one user may have ${most.toLocaleString('en')} sessions in use before that shard has no time for anything else.`,
    'Sets of different users are spread over the shards like sessions are, so the number of users needs no split.',
  ].join('\n')
}

main()
