import type { SessionOptions } from '../../../src'
import type { Res } from '../../support/app'
import { ours, type SessionModule } from '../../support/implementations'

/** This package, with other values of some options than the program says. */
export function withOptions(changed: Partial<SessionOptions>): SessionModule {
  return mutant((options) => ours({ ...options, ...changed }))
}

/** This package, with one store object for both processes of a program. */
export function withOneStore(): SessionModule {
  let first: SessionOptions['store'] | undefined
  return mutant((options) => {
    const store = first ?? options.store
    first = first ? undefined : options.store
    return ours({ ...options, ...(store && { store }) })
  })
}

/** This package, with a middleware after it that asks the response whether its headers were sent. */
export function withTrustInHeadersSent(): SessionModule {
  return mutant((options) => {
    const session = ours(options)
    return (req, res, next) => {
      session(req, res, (err) => {
        if (typeof res.end === 'function') sendHeadersFirst(res)
        next(err)
      })
    }
  })
}

function sendHeadersFirst(res: Res) {
  const end = res.end as (...args: unknown[]) => Res
  res.end = ((...args: unknown[]) => {
    if (!res.headersSent) res.writeHead(res.statusCode)
    return end.apply(res, args)
  }) as Res['end']
}

function mutant(session: (options: SessionOptions) => ReturnType<SessionModule>): SessionModule {
  return Object.assign(session, { Store: ours.Store, MemoryStore: ours.MemoryStore }) as SessionModule
}
