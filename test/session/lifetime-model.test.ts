import { expect, it, vi } from 'vitest'
import session, { type MiddlewareOptions, readOnly } from '../../src'
import { type Layer, serve } from '../support/app'
import { freezeClock } from '../support/clock'
import { cookieOf, readSetCookie } from '../support/cookies'
import { lifetimeStores } from '../support/lifetime-stores'
import { Random } from '../support/random'
import { SETTINGS } from '../support/settings'

const NOW = Date.parse('2030-01-02T03:04:05.678Z')
const SEEDS = 60
const REQUESTS = 25

freezeClock(NOW)

const paths = ['/', '/', '/change', '/poll', '/renew', '/age/3000', '/age/20000', '/age/80000', '/age/none']

/** Stores that end their sessions to the millisecond. */
const stores = lifetimeStores.filter(({ name }) => /^(MemoryStore|.*expiry of its own)$/.test(name))

it.each(stores)(
  'the options for lifetimes, together and with any requests, end a session when they should: $name',
  async ({ create }) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed)
      const options = draw(random)
      vi.setSystemTime(NOW)
      const app = serve(
        session({ ...SETTINGS, store: create() as never, ...options }) as unknown as Layer,
        act,
      )
      const model = new Model(options, cookieOf(await app.get('/login')))
      for (let request = 0; request < REQUESTS; request++) {
        vi.setSystemTime(
          Date.now() + random.pick([500, 1500, 3000, 4000, 6000, 8500, 25_000]) + random.below(1000),
        )
        const path = random.pick(paths)
        const res = await app.get(path, model.cookie)
        const what = { seed, request, path, options, errors: app.errors }
        expect({ ...what, ends: model.endsWith(res.text) }).toEqual({ ...what, ends: true, errors: [] })
        if (res.text !== 'ada') break
        expect({ ...what, sent: readSetCookie(res)?.attributes.Expires }).toEqual({
          ...what,
          sent: model.visit(path, readSetCookie(res)),
        })
      }
    }
  },
)

const act: Layer = async (req, res) => {
  const [, action, value] = (req.url as string).split('/')
  if (action === 'login') req.session.user = 'ada'
  if (action === 'poll') readOnly(req)
  if (req.session.user) {
    if (action === 'change') req.session.views = (req.session.views ?? 0) + 1
    if (action === 'age') req.session.cookie.maxAge = value === 'none' ? (null as never) : Number(value)
    if (action === 'renew') await req.session.regenerate({ keep: true })
  }
  res.end(req.session.user ?? 'none')
}

function draw(random: Random) {
  const shortest = random.pick([10_000, 10_000, 60_000])
  return {
    idleTimeout: random.pick([undefined, shortest, shortest]),
    absoluteTimeout: random.pick([undefined, 60_000, 200_000]),
    touchAfter: random.pick([0, 1000, 5000]),
    rolling: random.chance(0.5),
    refreshCookie: random.chance(0.5),
    saveMode: random.pick(['merge', 'overwrite'] as const),
    cookie: { maxAge: random.pick([undefined, 30_000, 100_000]) },
  } satisfies Partial<MiddlewareOptions>
}

/** What docs/lifetimes.md says of one session. */
class Model {
  private last = NOW
  private maxAge: number

  constructor(
    private readonly options: ReturnType<typeof draw>,
    public cookie: string,
  ) {
    this.maxAge = options.cookie.maxAge ?? Number.POSITIVE_INFINITY
  }

  /** Whether the session may be there or not, as this response shows. With `touchAfter` it may end that much too early. */
  endsWith(shown: string): boolean {
    const { idleTimeout = Number.POSITIVE_INFINITY, touchAfter } = this.options
    const { absoluteTimeout = Number.POSITIVE_INFINITY } = this.options
    const end = Math.min(this.last + Math.min(idleTimeout, this.maxAge), NOW + absoluteTimeout)
    const early = Math.min(touchAfter, this.maxAge / 2)
    return shown === 'ada' ? Date.now() < end : Date.now() >= end - early
  }

  /** Returns the Expires of the cookie that the response of this request has, if it has one. */
  visit(path: string, sent: { pair: string } | undefined): string | undefined {
    if (path === '/poll') return undefined
    this.last = Date.now()
    const [, action, value] = path.split('/')
    if (action === 'age') this.maxAge = value === 'none' ? Number.POSITIVE_INFINITY : Number(value)
    if (!sent) return undefined
    this.cookie = sent.pair
    return this.maxAge === Number.POSITIVE_INFINITY
      ? undefined
      : new Date(this.last + this.maxAge).toUTCString()
  }
}
