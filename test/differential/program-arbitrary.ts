import fc from 'fast-check'
import { answerArbitrary } from './answer-arbitrary'
import { oddRecords } from './odd-records'
import type {
  ClientRequest,
  CookieKind,
  CookieTraits,
  Options,
  Program,
  StoreMethod,
  StoreTraits,
} from './program'
import { avoidsDifferences } from './steering'
import { stepArbitrary } from './step-arbitrary'

const SECOND = 1000
const HOUR = 3600 * SECOND

const otherCookies: CookieKind[] = [
  'none',
  'odd',
  'unknown',
  'retired secret',
  'forged',
  'unsigned',
  'empty id',
  'garbage',
  'live, then forged',
  'among others',
  'in req.signedCookies',
  'in req.cookies',
]

const cookieArbitrary: fc.Arbitrary<CookieTraits> = partial({
  maxAge: fc.constantFrom<(number | null)[]>(null, SECOND, HOUR),
  expiresIn: fc.constant(HOUR),
  httpOnly: fc.boolean(),
  secure: fc.constantFrom<(boolean | 'auto')[]>(true, false, 'auto'),
  sameSite: fc.constantFrom<NonNullable<CookieTraits['sameSite']>[]>(true, 'lax', 'none', 'auto'),
  path: fc.constantFrom('/app', '/app/'),
  domain: fc.constant('example.test'),
  partitioned: fc.boolean(),
  priority: fc.constantFrom<('low' | 'high')[]>('low', 'high'),
})

const optionsArbitrary: fc.Arbitrary<Options> = fc
  .record({
    required: fc.record({
      genid: fc.constantFrom<Options['genid'][]>('default', 'counting'),
      secret: usually<Options['secret']>('one', 'two', 'two', 'of req', 'of req', 'none'),
      cookieIsFunction: usually(false, true),
    }),
    mostly: partial(
      {
        resave: fc.boolean(),
        saveUninitialized: fc.boolean(),
        rolling: fc.boolean(),
        cookie: cookieArbitrary,
      },
      8,
    ),
    seldom: partial({
      name: fc.constant('sid'),
      unset: fc.constantFrom<NonNullable<Options['unset']>[]>('destroy', 'keep'),
      proxy: fc.boolean(),
    }),
  })
  .map(({ required, mostly, seldom }) => ({ ...required, ...mostly, ...seldom }))

const storeArbitrary: fc.Arbitrary<StoreTraits> = fc.record({
  kind: usually<StoreTraits['kind']>('recording', 'bundled'),
  touches: usually(true, false),
  isSynchronous: usually(false, true),
  saysENOENT: usually(false, true),
  fails: fc.oneof(
    { withCrossShrink: true },
    { weight: 4, arbitrary: fc.constant<StoreMethod[]>([]) },
    { weight: 1, arbitrary: fc.subarray<StoreMethod>(['get', 'set', 'touch', 'destroy']) },
  ),
  liveMaxAge: fc.constantFrom(null, 2 * SECOND, HOUR),
  odd: fc.constantFrom(...oddRecords),
})

const requestArbitrary: fc.Arbitrary<ClientRequest> = fc
  .record({
    method: usually<ClientRequest['method']>('GET', 'HEAD', 'POST'),
    path: usually('/app', '/app/', '/app/page?a=/b', '/application', '/'),
    https: fc.boolean(),
    storeEvents: fc.oneof(
      { withCrossShrink: true },
      { weight: 25, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.constant({ storeEvent: 'disconnect' as const }) },
      { weight: 2, arbitrary: fc.constant({ storeEvent: 'connect' as const }) },
    ),
    after: fc.constantFrom(0, 1, 700, SECOND, 50 * SECOND),
    cookie: fc.oneof(
      { withCrossShrink: true },
      { weight: 4, arbitrary: fc.constant<CookieKind>('jar') },
      { weight: 3, arbitrary: fc.constant<CookieKind>('live') },
      { weight: 4, arbitrary: fc.constantFrom(...otherCookies) },
    ),
    steps: fc.array(stepArbitrary, { maxLength: 5 }),
    answer: answerArbitrary,
  })
  .map(({ storeEvents, ...request }) => ({ ...request, ...storeEvents }))

/** Generates programs of all kinds. */
export const anyProgramArbitrary: fc.Arbitrary<Program> = fc.record({
  host: fc.constantFrom<Program['host'][]>('node:http', 'Express 5'),
  mount: usually<Program['mount']>('once', 'twice', 'below /app'),
  options: optionsArbitrary,
  store: storeArbitrary,
  requests: fc.array(requestArbitrary, { minLength: 1, maxLength: 4 }),
})

/** Generates programs for which both implementations must behave identically. */
export const programArbitrary = anyProgramArbitrary.filter(avoidsDifferences)

function usually<T>(value: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 5, arbitrary: fc.constant(value) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  )
}

/** Generates objects that have each property with the probability `presence / (presence + 2)`. */
function partial<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, presence = 1) {
  const entries = Object.entries(model) as [string, fc.Arbitrary<unknown>][]
  const optional = entries.map(([key, arbitrary]) =>
    fc.oneof(
      { withCrossShrink: true },
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: presence, arbitrary: arbitrary.map((value) => [[key, value]]) },
    ),
  )
  return fc.tuple(...optional).map((parts) => Object.fromEntries(parts.flat()) as Partial<T>)
}
