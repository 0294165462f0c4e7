import session, { Cookie, MemoryStore, type SessionData } from 'sessionware'

const record: SessionData = { cookie: { originalMaxAge: null } }
const lasting: SessionData = { cookie: { originalMaxAge: 60_000, maxAge: 60_000 } }
const strict: SessionData = {
  cookie: { originalMaxAge: 1, expires: null, httpOnly: true, path: '/', secure: 'auto', sameSite: 'strict' },
}
const cookie: Cookie = { originalMaxAge: null, expires: new Date(), domain: 'example.com', signed: true }
const own = { user: 'ada', cookie: { originalMaxAge: null } }

const store = new MemoryStore()
for (const data of [record, lasting, strict, own, { cookie }, { cookie: new Cookie() }])
  store.set('an id', data)
store.set('an id', { cookie: { originalMaxAge: null } }, (error) => error)
store.touch('an id', { cookie: { originalMaxAge: 1 } }, () => store.clear())

export function hasEnded(stored: SessionData): boolean {
  const { expires, originalMaxAge }: { expires?: Date | null | undefined; originalMaxAge: number | null } =
    stored.cookie
  return originalMaxAge !== null && expires instanceof Date && expires.getTime() < Date.now()
}

export function parse(json: string): SessionData {
  const parsed = JSON.parse(json) as Record<string, unknown>
  return { ...parsed, cookie: Object.assign(new session.Cookie(), parsed.cookie) }
}

export type Stored = Omit<SessionData, 'cookie'> & { cookie: Pick<Cookie, 'originalMaxAge' | 'expires'> }
export const stored: Stored = { cookie: { originalMaxAge: 1, expires: null } }
export const asData: SessionData = stored

export function revive(text: string): SessionData['cookie'] {
  const restored: Cookie = JSON.parse(text)
  if (restored.expires) restored.expires = new Date(restored.expires)
  return restored
}

export const fixtures: Record<string, SessionData> = { one: record, two: { ...strict, cookie: new Cookie() } }
export const isBase: [SessionData] extends [{ cookie: Cookie }] ? true : false = true
export const isWhole: [{ cookie: Cookie }] extends [SessionData] ? true : false = true
