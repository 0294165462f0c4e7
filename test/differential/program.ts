/** The input for both implementations: a small app, the content of its store and the requests of its client. */
export interface Program {
  host: 'node:http' | 'Express 5'
  /** How the middleware is mounted before the app; a path needs Express. */
  mount: 'once' | 'twice' | 'below /app'
  options: Options
  store: StoreTraits
  requests: ClientRequest[]
}

export interface Options {
  name?: string
  resave?: boolean
  saveUninitialized?: boolean
  rolling?: boolean
  unset?: 'keep' | 'destroy'
  proxy?: boolean
  genid: 'default' | 'counting'
  secret: 'one' | 'two' | 'of req' | 'none'
  cookie?: CookieTraits
  cookieIsFunction: boolean
}

export interface CookieTraits {
  maxAge?: number | null
  /** Milliseconds after the start of the program. */
  expiresIn?: number
  httpOnly?: boolean
  secure?: boolean | 'auto'
  sameSite?: boolean | 'lax' | 'strict' | 'none' | 'auto'
  path?: string
  domain?: string
  partitioned?: boolean
  priority?: 'low' | 'high'
}

export interface StoreTraits {
  kind: 'recording' | 'bundled'
  touches: boolean
  /** Answers come in the same event loop turn. */
  isSynchronous: boolean
  /** `get` answers with the error ENOENT for a missing record. */
  saysENOENT: boolean
  /** Methods that answer with an error. */
  fails: StoreMethod[]
  /** The lifetime of the record under the id `live`. */
  liveMaxAge: number | null
  /** The record under the id `odd`. */
  odd: unknown
}

export type StoreMethod = 'get' | 'set' | 'touch' | 'destroy'

export interface ClientRequest {
  method: 'GET' | 'HEAD' | 'POST'
  path: string
  https: boolean
  /** The event that the store emits before this request. */
  storeEvent?: 'disconnect' | 'connect'
  /** Milliseconds that pass before this request. */
  after: number
  cookie: CookieKind
  steps: Step[]
  answer: Answer
}

export type CookieKind =
  | 'jar'
  | 'none'
  | 'live'
  | 'odd'
  | 'unknown'
  | 'retired secret'
  | 'forged'
  | 'unsigned'
  | 'empty id'
  | 'garbage'
  | 'live, then forged'
  | 'among others'
  | 'in req.signedCookies'
  | 'in req.cookies'

export type Step =
  | { do: PlainStep }
  | { do: 'set' | 'regenerate and set'; key: string; value: unknown }
  | { do: 'set the same' | 'delete' | 'push'; key: string }
  | { do: 'maxAge'; ms: number | null }
  | { do: 'expires'; in: number }
  | { do: 'httpOnly'; value: boolean }

export type PlainStep =
  | 'look'
  | 'save'
  | 'save twice'
  | 'save without callback'
  | 'touch'
  | 'resetMaxAge'
  | 'reload'
  | 'regenerate'
  | 'destroy'
  | 'assign null'
  | 'delete session'

export interface Answer {
  status: number
  headers: [name: string, value: string][]
  head: 'implicit' | 'flushHeaders' | 'writeHead' | 'writeHead object' | 'writeHead array'
  writes: string[]
  last?: string
  encoding: 'string' | 'latin1' | 'buffer'
  contentLength: boolean
  /** The method of Express's response that sends it, when the host is Express. */
  express?: 'send' | 'json' | 'redirect' | 'sendStatus'
}
