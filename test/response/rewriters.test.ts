import { describe, expect, it } from 'vitest'
import type { Layer, Res } from '../support/app'
import { ours } from '../support/implementations'
import { listen } from '../support/listen'
import { rawRequest } from '../support/raw-client'
import { http1Hosts, logIn } from '../support/session-app'
import { SETTINGS } from '../support/settings'
import { createStore } from '../support/store'

type End = (chunk?: unknown) => Res

/** Middlewares that wrap `write` and `end` before the session and send a longer body than they get. */
const rewriters: Record<string, Layer> = {
  'appends to the last chunk': (_req, res, next) => {
    const end = res.end as End
    res.end = ((chunk?: string) => end.call(res, `${chunk ?? ''} and more`)) as never
    next()
  },
  'collects the body and sends it at the end': (_req, res, next) => {
    const end = res.end as End
    const parts: string[] = []
    res.write = ((chunk: string) => parts.push(chunk) > 0) as never
    res.end = ((chunk?: string) => end.call(res, [...parts, chunk].join(''))) as never
    next()
  },
  'sets the Content-Length itself': (_req, res, next) => {
    const end = res.end as End
    res.end = ((chunk?: string) => {
      const body = `<${chunk}>`
      if (!res.headersSent) res.setHeader('Content-Length', body.length)
      return end.call(res, body)
    }) as never
    next()
  },
}

const answers: Record<string, Layer> = {
  'an end': (_req, res) => res.end('hello'),
  'a write and an end': (_req, res) => {
    res.write('hello ')
    res.end('hello')
  },
  'a head and an end': (_req, res) => res.writeHead(201, { 'X-A': '1' }).end('hello'),
}

describe.each(http1Hosts)('on $name, a middleware before the session that', (host) => {
  describe.each(Object.entries(rewriters))('%s', (_what, rewriter) => {
    it.each(Object.entries(answers))(
      'sends the same framing headers and body as without a session: %s',
      async (_form, answer) => {
        const session = ours({ ...SETTINGS, store: createStore() })
        const ask = async (...layers: Layer[]) => {
          const { status, headers, content } = await rawRequest(
            await listen(host.serve(...layers, answer).server),
            'GET /',
          )
          const framing = headers.filter(([name]) => /^(content-length|transfer-encoding|x-a)$/i.test(name))
          return { status, framing, content }
        }
        expect(await ask(rewriter, session as Layer, logIn)).toEqual(await ask(rewriter))
      },
    )
  })
})
