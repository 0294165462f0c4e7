import { expect } from 'vitest'
import type { InterruptibleServer } from '../contract'
import { until } from '../until'
import { type Bench, benchOn, type Scenario } from './bench'

/** In milliseconds: longer than the clients of the stores wait on a broken connection. One of them never answers. */
const PATIENCE = 15_000

type Situation = { bench: Bench; server: InterruptibleServer }

/** Scenarios in which the server stops during a request and starts again. */
export const outage: Scenario[] = [
  {
    column: 'cut: save',
    title: 'reports an error when the server stops during a save, and recovers',
    needs: 'server',
    run: (bench) => onServerOfItsOwn(bench, loseSave),
  },
  {
    column: 'cut: load',
    title: 'reports an error when the server stops during a load, and recovers',
    needs: 'server',
    run: (bench) => onServerOfItsOwn(bench, loseLoad),
  },
]

async function loseSave({ bench, server }: Situation) {
  const browser = bench.browser()
  await browser.write({ value: 'before' })
  bench.app.meanwhile = async () => {
    await server.stop()
    await turns()
  }
  const during = await browser.visit('/interrupted')
  expect(during.status).toBe(200)
  await expectOneError(bench)
  if (bench.kind.tellsOutage) {
    expect(await browser.visit('/read')).toMatchObject({ status: 200, data: {}, setCookie: undefined })
    expect((await browser.write({ value: 'lost' })).status).toBe(503)
  } else {
    expect((await browser.visit('/read')).status).toBe(503)
  }
  await expectRecovery(browser, server)
}

async function loseLoad({ bench, server }: Situation) {
  const browser = bench.browser(undefined, PATIENCE)
  await browser.write({ value: 'before' })
  await server.freeze()
  const during = browser.visit('/read')
  await expect(Promise.race([during, turns()])).resolves.toBe('no answer yet')
  await server.stop()
  expect((await during).status).toBe(503)
  await expectOneError(bench)
  await expectRecovery(browser, server)
}

async function expectRecovery(browser: ReturnType<Bench['browser']>, server: InterruptibleServer) {
  const { cookie } = browser
  await server.start()
  await until('the store to recover', async () => {
    const { status, data } = await browser.visit('/read')
    return status === 200 && data.value !== undefined
  })
  expect(browser.cookie).toBe(cookie)
  expect((await browser.visit('/read')).data).toMatchObject({ value: 'before' })
  await browser.write({ value: 'again' })
  expect((await browser.visit('/read')).data).toMatchObject({ value: 'again' })
}

/** Waits for the error, since it may reach the handler after the response was sent. */
async function expectOneError({ app }: Bench) {
  await until('the error to be reported', async () => app.errors.length > 0)
  expect(app.errors).toEqual([expect.any(Error)])
}

/** Waits some turns of the event loop, so that data sent within this process has arrived. */
async function turns(): Promise<string> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  return 'no answer yet'
}

async function onServerOfItsOwn({ kind, way }: Bench, work: (situation: Situation) => Promise<void>) {
  if (!kind.server) throw new Error(`${kind.name} has no server`)
  const server = await kind.server.interruptible()
  try {
    const bench = await benchOn(kind, way, server.url)
    try {
      await work({ bench, server })
    } finally {
      await server.start()
      await bench.close()
    }
  } finally {
    await server.close()
  }
}
