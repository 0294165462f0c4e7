import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { sign, unsign } from 'cookie-signature'
import type { RequestHandler } from 'express'
import { SECRET } from './app'

/** Where the records are: JSON by id. Touching one moves its expiry. */
export interface Records {
  get(id: string, done: (json: string | null | undefined) => void): void
  set(id: string, json: string, done: () => void): void
  touch(id: string, done: () => void): void
}

/**
 * Does only the work that every request needs: reads the cookie, parses the record, compares the session at the end of the
 * response, and signs the id of a new one. Its cost is a lower bound. It is not usable: it has no options, handles no
 * errors, trusts the order of the cookies, and knows only `res.end`.
 */
export function minimalSession(records: Records): RequestHandler {
  const ids = new Map<string, string>()
  return (req, res, next) => {
    const request = req as unknown as { session: object }
    const header = req.headers.cookie
    const value = header?.slice(header.indexOf(NAME) + NAME.length)
    const sentId = value && (ids.get(value) ?? verify(value))
    let id: string | undefined
    let json = '{}'
    const renew = () => {
      id = undefined
      json = '{}'
      request.session = new MinimalSession(renew)
    }
    const { end } = res
    res.end = ((...args: Parameters<typeof end>) => {
      finish(() => end.apply(res, args))
      return res
    }) as typeof end
    const finish = (done: () => void) => {
      const current = JSON.stringify(request.session)
      if (current === json) return id === undefined ? done() : records.touch(id, done)
      if (id !== undefined) return records.set(id, current, done)
      id = randomBytes(24).toString('base64url')
      res.setHeader('Set-Cookie', `${NAME}${encodeURIComponent(`s:${sign(id, key)}`)}; Path=/; HttpOnly`)
      records.set(id, current, done)
    }
    renew()
    if (!value || !sentId) return next()
    ids.set(value, sentId)
    records.get(sentId, (found) => {
      if (found) {
        id = sentId
        json = found
        Object.assign(request.session, JSON.parse(found))
      }
      next()
    })
  }
}

/** Records in a Map. */
export function recordsInMemory(): Records {
  const records = new Map<string, string>()
  return {
    get: (id, done) => done(records.get(id)),
    set(id, json, done) {
      records.set(id, json)
      done()
    },
    touch: (_id, done) => done(),
  }
}

const NAME = 'connect.sid='
// The types of the package lack what it passes on to node:crypto.
const key = createSecretKey(Buffer.from(SECRET)) as KeyObject & string

class MinimalSession {
  readonly #renew: () => void

  constructor(renew: () => void) {
    this.#renew = renew
  }

  regenerate(done: () => void) {
    this.#renew()
    done()
  }
}

function verify(value: string): string | undefined {
  return unsign(decodeURIComponent(value).slice(2), key) || undefined
}
