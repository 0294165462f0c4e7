import { describe, expect, it, vi } from 'vitest'
import { http2Host as host, type Res } from '../support/app'
import { eventually } from '../support/eventually'
import { connectHttp2 } from '../support/http2-client'
import { logIn, startSessionApp } from '../support/session-app'

describe('end over HTTP/2', () => {
  const forms: Record<string, (res: Res, callback: () => void) => Res> = {
    'end(callback)': (res, callback) => res.end(callback),
    'end(chunk, callback)': (res, callback) => res.end('x', callback),
    'end(chunk, encoding, callback)': (res, callback) => res.end('eA==', 'base64', callback),
  }

  it.each(Object.entries(forms))('supports %s and returns the response', async (_form, end) => {
    const callback = vi.fn()
    let chained = false
    const { port } = await startSessionApp({ host }, logIn, (_req, res) => {
      chained = end(res, callback) === res
    })
    await ask(port, 'GET')
    await eventually(() => expect(callback).toHaveBeenCalledOnce())
    expect(chained).toBe(true)
  })

  it('sends only the first body when it is called twice', async () => {
    const { port } = await startSessionApp({ host }, logIn, (_req, res) => {
      res.end('x')
      res.end('y')
    })
    expect((await ask(port, 'GET')).content).toBe('x')
  })

  it('sends its body when the handler throws right after it', async () => {
    const { port, errors } = await startSessionApp({ host }, logIn, (_req, res) => {
      res.setHeader('X-Page', 'home')
      res.end('x')
      throw new Error('too late')
    })
    const response = await ask(port, 'GET')
    expect(response).toMatchObject({ status: 200, content: 'x', headers: { 'x-page': 'home' } })
    expect(response.headers['set-cookie']).toHaveLength(1)
    expect(errors).toHaveLength(1)
  })
})

function ask(port: number, method: string) {
  return connectHttp2(port).request(method, '/').response
}
