import { describe, expect, it } from 'vitest'
import session from '../../../../src'
import { RedisStore } from '../../../../src/stores/redis'
import { FakeRedis } from './fake-redis'

const client = new FakeRedis()
const create = (options: unknown) => () => new RedisStore(options as never)

describe('the options of RedisStore', () => {
  it('have defaults: the prefix of connect-redis, and a day', () => {
    expect(new RedisStore({ client })).toMatchObject({ client, prefix: 'sess:', ttl: 86_400_000 })
  })

  it.each([
    ['nothing', undefined, 'RedisStore needs options: new RedisStore({ client })'],
    ['no client', {}, "RedisStore needs the client option: pass a client of 'redis' 4 to 6"],
    ['a client that is null', { client: null }, 'RedisStore needs the client option'],
    ['a URL', { client: 'redis://127.0.0.1' }, 'must be a Redis client, not a string'],
    ['a number', { client: 6379 }, 'must be a Redis client, not 6379'],
    [
      'an object of another kind',
      { client: { get() {}, password: 'x' } },
      'not an object without its methods: pass',
    ],
    ['a promise of a client', { client: Promise.resolve(client) }, 'is a promise: await it'],
    [
      'a client of node_redis 3',
      { client: { send_command() {}, sendCommand() {} } },
      'not one of node_redis 3 or older',
    ],
    ['legacy mode', { client: { sendCommand() {}, options: { legacyMode: true } } }, 'remove legacyMode'],
    ['a prefix that is no string', { client, prefix: 5 }, 'prefix option must be a string, not 5'],
    [
      'a ttl that is no number',
      { client, ttl: '60000' },
      'must be a number of milliseconds greater than 0, not "60000"',
    ],
    ['a ttl of 0', { client, ttl: 0 }, 'greater than 0, not 0: the default is 86400000'],
    ['a negative ttl', { client, ttl: -1 }, 'greater than 0, not -1'],
    ['an infinite ttl', { client, ttl: Number.POSITIVE_INFINITY }, 'not Infinity'],
    ['NaN as the ttl', { client, ttl: Number.NaN }, 'not NaN'],
    ['a function as the ttl', { client, ttl: () => 60 }, 'req.session.cookie.maxAge'],
    [
      'disableTouch',
      { client, disableTouch: true },
      'has no option "disableTouch": use the touchAfter option',
    ],
    ['disableTTL', { client, disableTTL: true }, 'has no option "disableTTL": a session without an expiry'],
    ['scanCount', { client, scanCount: 10 }, 'has no option "scanCount": remove it'],
    ['serializer', { client, serializer: JSON }, 'has no option "serializer": records are always JSON'],
    ['a misspelt option', { client, prefx: 'a:' }, 'has no option "prefx": did you mean prefix?'],
  ])('with %s are a TypeError that names the remedy', (_what, options, message) => {
    expect(create(options)).toThrow(TypeError)
    expect(create(options)).toThrow(message)
  })

  it('ask whether seconds were meant by a ttl under a minute', () => {
    const told: unknown[] = []
    const use = (ttl: number) =>
      session({
        secret: 'keyboard cat',
        resave: false,
        saveUninitialized: false,
        store: new RedisStore({ client, ttl }),
        diagnostics: ({ code, message }) => {
          if (code === 'SESSIONWARE_REDIS_TTL') told.push(message)
        },
      })
    use(60_000)
    expect(told).toEqual([])
    use(3600)
    expect(told).toEqual([
      "RedisStore's ttl option is 3600 milliseconds: if seconds were meant, as in connect-redis, use 3600000",
    ])
  })

  it('may be undefined one by one, and a client need not be connected', () => {
    expect(new RedisStore({ client, prefix: undefined, ttl: undefined }).prefix).toBe('sess:')
    expect(new RedisStore({ client, prefix: '' }).prefix).toBe('')
  })
})
