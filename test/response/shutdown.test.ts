import type { Server } from 'node:http'
import { finished } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Res } from '../support/app'
import { connect } from '../support/raw-client'
import { roundTrip } from '../support/round-trip'
import { http1Hosts, logIn, startSessionApp } from '../support/session-app'

const shutdowns = ['close', 'closeIdleConnections'] as const

describe.each(http1Hosts)('a response that waits for the store on $name', (host) => {
  it.each(shutdowns)('is sent after server.%s() was called', async (shutdown) => {
    const { port, store, server } = await startSessionApp({ host }, logIn, (_req, res) => res.end('x'))
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    await write.called
    ;(server as Server)[shutdown]()
    await roundTrip()
    write.release()
    expect(await client.response()).toMatchObject({ status: 200, content: 'x' })
  })

  it('does not count as finished when its client disconnects', async () => {
    let note = (_res: Res) => {}
    const ended = new Promise<Res>((resolve) => {
      note = resolve
    })
    const { port, store } = await startSessionApp({ host }, logIn, (_req, res) => {
      res.end('x')
      note(res)
    })
    const write = store.hold('set')
    const client = (await connect(port)).request('GET /')
    const res = await ended
    const outcome = new Promise<unknown>((resolve) => finished(res, (err) => resolve(err?.code)))
    client.abort()
    expect([await outcome, res.writableFinished]).toEqual(['ERR_STREAM_PREMATURE_CLOSE', false])
    write.release()
  })
})
