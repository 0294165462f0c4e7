import { Random } from '../support/random'

/** What a handler does with its session. `value` is a text that no other step writes. */
export type Step =
  | { do: 'set'; key: string; value: string }
  | { do: 'delete'; key: string }
  | { do: 'replace'; key: string; value: string }
  | { do: 'update'; key: string; value: string }
  | { do: 'wait'; turns: number }
  | { do: 'save' | 'reload' | 'regenerate' | 'destroy' | 'stream' }

export interface FuzzRequest {
  /** Each process has a store object of its own. With a MemoryStore they are two middlewares of one process. */
  process: 0 | 1
  /** How many turns of the event loop the client waits before it sends the request. */
  delay: number
  steps: Step[]
  /** The client disconnects after so many turns. */
  abort: number | undefined
  /** What is sent beside the session's cookie, or in its place. */
  noise: string | undefined
}

/** A fault of the store, at one of its calls. */
export interface Fault {
  call: number
  kind: 'error' | 'throw' | 'reject' | 'late' | 'twice' | 'never'
}

export interface Program {
  seed: number
  store: 'memory' | 'compare' | 'plain'
  requests: FuzzRequest[]
  faults: Fault[]
  /** The JSON of the record at the start, if it is not an ordinary one. */
  oddRecord: string | undefined
}

const KEYS = ['a', 'b', 'c', 'd']
const FAULTS = ['error', 'throw', 'reject', 'late', 'twice', 'never'] as const
const ODD_RECORDS = [
  '{}',
  'null',
  '[]',
  '"text"',
  '{"cookie":null}',
  '{"cookie":{}}',
  '{"cookie":{"expires":"never","originalMaxAge":"1h"}}',
  '{"cookie":{"originalMaxAge":null,"path":7},"__proto__":{"x":1},"save":1,"id":2,"constructor":3}',
]

/** Makes the program of a seed: up to five requests of one session. */
export function makeProgram(seed: number): Program {
  const random = new Random(seed)
  const store = random.pick(['memory', 'compare', 'plain'] as const)
  const isFaulty = store !== 'memory' && random.chance(0.3)
  const count = 1 + random.below(5)
  return {
    seed,
    store,
    requests: Array.from({ length: count }, (_, index) => makeRequest(random, index)),
    faults: isFaulty
      ? Array.from({ length: 1 + random.below(3) }, () => ({
          call: random.below(16),
          kind: random.pick(FAULTS),
        }))
      : [],
    oddRecord: random.chance(0.1) ? random.pick(ODD_RECORDS) : undefined,
  }
}

function makeRequest(random: Random, index: number): FuzzRequest {
  const steps = Array.from({ length: random.below(6) }, (_, number) => makeStep(random, `${index}.${number}`))
  return {
    process: random.chance(0.5) ? 1 : 0,
    delay: random.below(4),
    steps,
    abort: random.chance(0.05) ? random.below(20) : undefined,
    noise: random.chance(0.15) ? makeNoise(random) : undefined,
  }
}

function makeStep(random: Random, value: string): Step {
  const key = random.pick(KEYS)
  const chance = random.next()
  if (chance < 0.35) return { do: 'set', key, value }
  if (chance < 0.45) return { do: 'delete', key }
  if (chance < 0.5) return { do: 'replace', key, value }
  if (chance < 0.62) return { do: 'update', key, value }
  if (chance < 0.82) return { do: 'wait', turns: random.below(6) }
  if (chance < 0.88) return { do: 'save' }
  if (chance < 0.91) return { do: 'reload' }
  if (chance < 0.94) return { do: 'stream' }
  return { do: random.pick(['regenerate', 'destroy'] as const) }
}

/** Returns a Cookie header that no browser sends, without the characters that HTTP does not allow. */
function makeNoise(random: Random): string {
  const parts = [
    'connect.sid',
    '=',
    ';',
    ' ',
    's%3A',
    's:',
    '.',
    '"',
    '%',
    '%zz',
    'a',
    ',',
    '\\',
    '__proto__',
    '\xff',
  ]
  return Array.from({ length: random.below(30) }, () => random.pick(parts)).join('')
}
