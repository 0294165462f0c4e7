const assert = require('node:assert/strict')
const { once } = require('node:events')
const createApp = require('./create-app.cjs')
const createPromiseStore = require('./promise-store.cjs')

const SECRET = 'the secret of the smoke run'
/** Milliseconds until a response that does not come counts as failed. */
const PATIENCE = 10_000

/** Logs in, reads, writes and logs out over HTTP, with each kind of store; prints each step, and throws at a failure. */
module.exports = async function visitApp({ express, session, testing }) {
  const stores = {
    MemoryStore: new session.MemoryStore(),
    'a store of promises': createPromiseStore(session.Store),
  }
  for (const [name, store] of Object.entries(stores)) {
    const server = createApp(express, session, { secret: SECRET, store }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    await takeSteps(name, { ...createBrowser(`http://127.0.0.1:${server.address().port}`), store, testing })
    server.closeAllConnections()
    server.close()
  }
  console.log('works')
}

async function takeSteps(name, visit) {
  for (const [title, step] of Object.entries(steps)) {
    try {
      await step(visit)
      console.log(`${name}: ${title}`)
    } catch (error) {
      throw new Error(`${name}: FAILED: ${title}`, { cause: error })
    }
  }
}

/** In order; each step goes on from where the one before has left the browser. */
const steps = {
  'sends no cookie to a visitor whose session is empty': async ({ get, cookies }) => {
    assert.deepEqual(await get('/'), { status: 200, body: 'Hello stranger, 0 notes' })
    assert.deepEqual(cookies, [])
  },
  'keeps what is written before the login': async ({ get, post, cookies }) => {
    assert.deepEqual(await post('/notes'), { status: 200, body: 'ok' })
    assert.equal(cookies.length, 1)
    assert.deepEqual(await get('/'), { status: 200, body: 'Hello stranger, 1 notes' })
  },
  'logs in under a new id, and redirects': async ({ get, post, cookies }) => {
    assert.equal((await post('/login')).status, 302)
    assert.equal(cookies.length, 2)
    assert.notEqual(cookies[1], cookies[0])
    assert.deepEqual(await get('/'), { status: 200, body: 'Hello ada, 0 notes' })
  },
  'does not know the id from before the login': async ({ get, cookies }) => {
    assert.deepEqual(await get('/', cookies[0]), { status: 200, body: 'Hello stranger, 0 notes' })
  },
  'keeps what is written after the login': async ({ get, post }) => {
    assert.deepEqual(await post('/notes'), { status: 200, body: 'ok' })
    assert.deepEqual(await post('/notes'), { status: 200, body: 'ok' })
    assert.deepEqual(await get('/'), { status: 200, body: 'Hello ada, 2 notes' })
  },
  'keeps what is written in a response that streams': async ({ get }) => {
    assert.deepEqual(await get('/stream'), { status: 200, body: 'one two three' })
    assert.deepEqual(await get('/'), { status: 200, body: 'Hello ada, 3 notes' })
  },
  'logs out for good': async ({ get, post, cookies }) => {
    assert.equal((await post('/logout')).status, 302)
    assert.deepEqual(await get('/', cookies[1]), { status: 200, body: 'Hello stranger, 0 notes' })
  },
  'knows a session that a test has seeded, and shows it to the test': async ({
    get,
    post,
    store,
    testing,
  }) => {
    const cookie = await testing.seedSession(store, { user: 'grace', notes: 4 }, { secret: SECRET })
    assert.deepEqual(await get('/', cookie), { status: 200, body: 'Hello grace, 4 notes' })
    await post('/notes', cookie)
    const { user, notes } = await testing.readSession(store, cookie, { secret: SECRET })
    assert.deepEqual({ user, notes }, { user: 'grace', notes: 5 })
  },
  'hands an error of the store to the error handler': async ({ get, store, testing }) => {
    const cookie = await testing.seedSession(store, {}, { secret: SECRET })
    store.get = (_sid, done) => done(new Error('the store is away'))
    assert.deepEqual(await get('/', cookie), { status: 500, body: 'the store is away' })
  },
}

/** Sends the last cookie that it was given, unless it is told another, and follows no redirect. */
function createBrowser(address) {
  const cookies = []
  async function send(method, path, cookie = cookies.at(-1) ?? '') {
    const options = { method, headers: { cookie }, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) }
    const response = await fetch(address + path, options)
    cookies.push(...response.headers.getSetCookie().map((line) => line.split(';')[0]))
    return { status: response.status, body: await response.text() }
  }
  return {
    cookies,
    get: (path, cookie) => send('GET', path, cookie),
    post: (path, cookie) => send('POST', path, cookie),
  }
}
