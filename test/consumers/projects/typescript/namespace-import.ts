import * as session from 'sessionware'

export class EmptyStore extends session.Store {
  get(_sid: string, callback: (error: unknown, data?: session.SessionData | null) => void) {
    callback(null)
  }

  set(_sid: string, _data: session.SessionData, callback?: (error?: unknown) => void) {
    callback?.()
  }

  destroy(_sid: string, callback?: (error?: unknown) => void) {
    callback?.()
  }
}

const options: session.SessionOptions = { secret: 'a secret', store: new EmptyStore() }

session.default(options)
