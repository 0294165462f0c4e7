import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import express from 'express'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import session from '../../../src'
import { useDictionaryMode } from '../../../src/request/dictionary-mode'

const isNeeded = Number.parseInt(process.versions.v8, 10) < 13
const app = express()

setFlagsFromString('--allow-natives-syntax')
const hasHiddenClass = new Function('object', 'return %HasFastProperties(object)') as (
  object: object,
) => boolean

describe('useDictionaryMode', () => {
  it('changes an object whose prototype Express replaced to dictionary mode, where V8 needs it', () => {
    const { req, res } = exchange()
    expect([req, res].map(hasHiddenClass)).toEqual([true, true])
    useDictionaryMode(req, 'statusMessage')
    useDictionaryMode(res, 'sendDate')
    expect([req, res].map(hasHiddenClass)).toEqual([!isNeeded, !isNeeded])
  })

  it('is called by the middleware for the request and the response', async () => {
    const seen: boolean[] = []
    const own = express()
    own.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }))
    own.get('/', (req, res) => {
      seen.push(hasHiddenClass(req), hasHiddenClass(res))
      res.end()
    })
    await request(own).get('/').expect(200)
    expect(seen).toEqual([!isNeeded, !isNeeded])
  })

  it('does not change objects whose prototype was not replaced', () => {
    class Message extends IncomingMessage {}
    for (const object of [
      new IncomingMessage(new Socket()),
      new Message(new Socket()),
      { statusMessage: 1 },
    ]) {
      useDictionaryMode(object, 'statusMessage')
      expect(hasHiddenClass(object)).toBe(true)
    }
  })

  it('changes no property', () => {
    const { req, res } = exchange()
    for (const [object, key] of [
      [req, 'statusMessage'],
      [res, 'sendDate'],
    ] as const) {
      const before = Object.getOwnPropertyDescriptors(object)
      useDictionaryMode(object, key)
      expect(Object.getOwnPropertyDescriptors(object)).toEqual(before)
    }
    expect(res.sendDate).toBe(true)
  })

  it.each([
    ['has no such property', Object.setPrototypeOf({ a: 1 }, app.request)],
    ['is frozen', Object.freeze(Object.setPrototypeOf({ statusMessage: 1 }, app.request))],
    ['has no prototype', Object.assign(Object.create(null), { statusMessage: 1 })],
    ['is not extensible', Object.preventExtensions(exchange().req)],
    ['is a proxy', new Proxy(exchange().req, {})],
    [
      'is a proxy whose traps throw',
      new Proxy(exchange().req, { deleteProperty: refuse, defineProperty: refuse }),
    ],
  ])('does not change an object that %s', (_what, object) => {
    const before = Object.getOwnPropertyDescriptors(object)
    useDictionaryMode(object, 'statusMessage')
    expect(Object.getOwnPropertyDescriptors(object)).toEqual(before)
  })
})

function refuse(): never {
  throw new Error('refused')
}

/** Returns a request and a response with the prototypes that Express sets. */
function exchange() {
  const req = new IncomingMessage(new Socket())
  const res = new ServerResponse(req)
  Object.setPrototypeOf(req, app.request)
  Object.setPrototypeOf(res, app.response)
  return { req, res }
}
