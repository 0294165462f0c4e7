import { describe, expect, it } from 'vitest'
import { cookieOf, useExample } from '../../examples/use-example'
import { sendForm } from './log-in'

const visit = useExample('csrf', { packages: 'test/clients' })

async function open() {
  const response = await visit('/')
  const [, token = ''] = /name="token" value="(\w+)"/.exec(await response.text()) ?? []
  return { cookie: cookieOf(response), token }
}

async function numbersOf(cookie: string) {
  const page = await (await visit('/', { headers: { cookie } })).text()
  return /Notes<\/dt><dd>(\d+)<.*Payments<\/dt><dd>(\d+)</s.exec(page)?.slice(1).map(Number)
}

describe('a POST to the CSRF example', () => {
  it.each([
    ['its own page', { 'sec-fetch-site': 'same-origin', origin: 'http://example.com' }],
    ['a user who has typed the address', { 'sec-fetch-site': 'none' }],
    ['its own page in an older browser', { origin: 'SELF' }],
    ['a program that is no browser', {}],
  ])('passes from %s', async (_what, headers: Record<string, string>) => {
    const { cookie } = await open()
    if (headers.origin === 'SELF') headers.origin = new URL((await visit('/')).url).origin
    expect((await sendForm(visit, '/note', {}, { cookie, ...headers })).status).toBe(303)
    expect(await numbersOf(cookie)).toEqual([1, 0])
  })

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['another site in an older browser', { origin: 'https://evil.example' }],
    ['a sandboxed frame in an older browser', { origin: 'null' }],
  ])('is rejected from %s', async (_what, headers) => {
    const { cookie } = await open()
    expect((await sendForm(visit, '/note', {}, { cookie, ...headers })).status).toBe(403)
    expect(await numbersOf(cookie)).toEqual([0, 0])
  })
})

describe('a payment', () => {
  it('needs the token of the session', async () => {
    const [{ cookie, token }, other] = [await open(), await open()]
    const pay = async (value: string) => (await sendForm(visit, '/pay', { token: value }, { cookie })).status
    expect([await pay(''), await pay(other.token), await pay(token)]).toEqual([403, 403, 303])
    expect(await numbersOf(cookie)).toEqual([0, 1])
  })
})
