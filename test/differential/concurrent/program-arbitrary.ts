import fc from 'fast-check'
import { answerArbitrary } from '../answer-arbitrary'
import type { PlainStep, Step } from '../program'
import { ownProperties } from './own-properties'
import type {
  ConcurrentAnswer,
  ConcurrentProgram,
  ConcurrentRequest,
  ConcurrentStep,
  Event,
  Fault,
} from './program'

const REQUESTS = 4

const key = fc.constantFrom('user', 'list', 'a', 'b')
// JSON cannot represent a BigInt.
const value = weighted<unknown>(
  [40, fc.constantFrom<unknown[]>('ada', 'bob', 1, 2, null, [1])],
  [1, fc.constant(1n)],
)

const stepArbitrary: fc.Arbitrary<ConcurrentStep> = weighted<ConcurrentStep>(
  [6, fc.record({ do: fc.constant('set' as const), key, value })],
  [4, fc.constant({ do: 'pause' as const })],
  [1, fc.record({ do: fc.constantFrom('delete' as const, 'set the same' as const), key })],
  [1, fc.constant<Step>({ do: 'push', key: 'list' })],
  [2, plain('look')],
  [2, plain('save', 'save twice', 'save without callback')],
  [1, plain('touch')],
  [2, plain('reload')],
  [2, fc.record({ do: fc.constant('regenerate and set' as const), key, value })],
  [1, plain('regenerate')],
  [2, plain('destroy')],
  [1, plain('assign null', 'delete session')],
)

const answer: fc.Arbitrary<ConcurrentAnswer> = fc
  .record({
    answer: answerArbitrary,
    midway: weighted<ConcurrentStep[]>(
      [2, fc.constant([])],
      [1, fc.array(stepArbitrary, { maxLength: 3 }).map((steps) => [{ do: 'pause' as const }, ...steps])],
    ),
  })
  .map(({ answer: { express: _express, ...answer }, midway }) => ({ ...answer, midway }))

const faultArbitrary: fc.Arbitrary<Fault> = fc.record({
  method: fc.constantFrom<Fault['method'][]>('get', 'set', 'touch', 'destroy'),
  which: fc.constantFrom<Fault['which'][]>('first', 'all'),
  how: fc.constantFrom<Fault['how'][]>('error', 'throw', 'answers twice', 'never answers'),
})

const requestArbitrary: fc.Arbitrary<ConcurrentRequest> = fc.record({
  process: usually<ConcurrentRequest['process']>('first', 'second'),
  kind: usually<ConcurrentRequest['kind']>('request', 'request', 'upgrade'),
  cookie: usually<ConcurrentRequest['cookie']>('live', 'previous', 'none', 'unknown'),
  own: weighted([3, fc.constant([])], [1, fc.subarray(ownProperties, { maxLength: 3 })]),
  isProxied: weighted([9, fc.constant(false)], [1, fc.constant(true)]),
  steps: fc.array(stepArbitrary, { maxLength: 4 }),
  answer: weighted<ConcurrentAnswer | undefined>([8, answer], [1, fc.constant(undefined)]),
  faults: weighted([4, fc.constant([])], [1, fc.array(faultArbitrary, { minLength: 1, maxLength: 2 })]),
  errorHandler: usually<ConcurrentRequest['errorHandler']>('answers', 'destroys the connection'),
})

const eventArbitrary: fc.Arbitrary<Event> = fc.record({
  do: weighted<Event['do']>([12, fc.constant('continue')], [1, fc.constant('leave')]),
  request: fc.nat({ max: REQUESTS - 1 }),
})

/** Generates programs whose requests run at the same time. */
export const concurrentProgramArbitrary: fc.Arbitrary<ConcurrentProgram> = fc.record({
  host: usually<ConcurrentProgram['host']>('node:http', 'Express 5'),
  options: fc.record(
    {
      resave: fc.boolean(),
      saveUninitialized: fc.boolean(),
      rolling: fc.boolean(),
      unset: fc.constantFrom('destroy' as const, 'keep' as const),
      genid: usually<'default' | 'counting'>('default', 'counting'),
    },
    { requiredKeys: ['genid'] },
  ),
  store: fc.record({
    kind: usually<ConcurrentProgram['store']['kind']>('scheduled', 'scheduled', 'scheduled', 'bundled'),
    applies: fc.constantFrom<ConcurrentProgram['store']['applies'][]>('with the answer', 'at the call'),
    touches: usually(true, false),
  }),
  requests: fc.array(requestArbitrary, { minLength: 1, maxLength: REQUESTS }),
  schedule: fc.array(eventArbitrary, { maxLength: 24 }),
})

type Kind =
  | 'clients that leave'
  | 'requests at once'
  | 'stores that fail'
  | 'a second process'
  | 'own properties'

/** Returns a function that takes all from a program but what one kind of programs is about. */
export function keepOnly(kind: Kind): (program: ConcurrentProgram) => ConcurrentProgram {
  const has = (...kinds: Kind[]) => kinds.includes(kind)
  return ({ store, requests, schedule, ...program }) => ({
    ...program,
    store: { ...store, kind: 'scheduled' },
    schedule: schedule.filter(({ do: what }) => what !== 'leave' || has('clients that leave')),
    requests: requests
      .slice(0, has('requests at once', 'a second process') ? REQUESTS : 1)
      .map((request) => ({
        ...request,
        kind: 'request',
        process: has('a second process') ? request.process : 'first',
        own: has('own properties') ? request.own : [],
        isProxied: false,
        faults: has('stores that fail') ? request.faults : [],
        answer: request.answer && {
          ...request.answer,
          midway: has('clients that leave') ? request.answer.midway : [],
        },
      })),
  })
}

function plain(...names: PlainStep[]): fc.Arbitrary<ConcurrentStep> {
  return fc.constantFrom(...names).map((name) => ({ do: name }))
}

function weighted<T>(...choices: [weight: number, arbitrary: fc.Arbitrary<T>][]): fc.Arbitrary<T> {
  return fc.oneof({ withCrossShrink: true }, ...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))
}

function usually<T>(value: T, ...others: T[]): fc.Arbitrary<T> {
  return weighted([5, fc.constant(value)], [2, fc.constantFrom(...others)])
}
