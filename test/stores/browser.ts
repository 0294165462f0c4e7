import type { TestApp } from './app'

/** In milliseconds. Many stores run in one process, so answers are late on a busy machine. */
const PATIENCE = 60_000

export interface Visit {
  status: number
  id: string
  data: Record<string, unknown>
  setCookie: string | undefined
}

/** A client that stores its cookie and waits `patience` milliseconds for a response. */
export class Browser {
  readonly #app: TestApp
  readonly #patience: number
  cookie: string | undefined

  constructor(app: TestApp, cookie?: string, patience = PATIENCE) {
    this.#app = app
    this.cookie = cookie
    this.#patience = patience
  }

  async visit(path: string): Promise<Visit> {
    const response = await fetch(this.#app.origin + path, {
      headers: this.cookie === undefined ? {} : { cookie: this.cookie },
      signal: AbortSignal.timeout(this.#patience),
    })
    const [setCookie] = response.headers.getSetCookie()
    if (setCookie !== undefined) this.cookie = setCookie.split(';')[0]
    const { id = '', data = {} } = (await response.json()) as Partial<Visit>
    return { status: response.status, id, data, setCookie }
  }

  write(data: object, maxAge?: number): Promise<Visit> {
    const query = new URLSearchParams({ data: JSON.stringify(data) })
    if (maxAge !== undefined) query.set('maxAge', String(maxAge))
    return this.visit(`/write?${query}`)
  }
}
