import { describe, expect, it } from 'vitest'
import { cookieOf, useExample } from './use-example'

const visit = useExample('cart', { env: { DELAY: '300' } })

const post = (path: string, fields: Record<string, string>, cookie = '') =>
  visit(path, { method: 'POST', body: new URLSearchParams(fields), headers: { cookie } })

/** The numbers that the page shows. */
async function numbersOf(cookie: string) {
  const page = await (await visit('/', { headers: { cookie } })).text()
  const read = (id: string) => new RegExp(`id="${id}">([^<]*)<`).exec(page)?.[1]
  return {
    tea: read('tea'),
    cup: read('cup'),
    postage: read('postage'),
    sum: read('sum'),
    orders: read('orders'),
  }
}

const startCart = async () => cookieOf(await post('/cart', { item: 'tea', change: 'add' }))

describe('the cart', () => {
  it('keeps what one tab adds while a slow request of another tab runs', async () => {
    const cookie = await startCart()
    const slow = post('/country', { country: 'JP' }, cookie)
    await post('/cart', { item: 'cup', change: 'add' }, cookie)
    await slow
    expect(await numbersOf(cookie)).toEqual({ tea: '1', cup: '1', postage: '15', sum: '28', orders: '0' })
  })

  it('counts each of twenty clicks at the same time', async () => {
    const cookie = await startCart()
    await Promise.all(Array.from({ length: 20 }, () => post('/cart', { item: 'cup', change: 'add' }, cookie)))
    expect(await numbersOf(cookie)).toMatchObject({ tea: '1', cup: '20' })
  })

  it('orders once for two clicks', async () => {
    const cookie = await startCart()
    const answers = await Promise.all([post('/order', {}, cookie), post('/order', {}, cookie)])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    expect(await numbersOf(cookie)).toMatchObject({ tea: '0', orders: '1' })
  })

  it('removes items, and none below zero', async () => {
    const cookie = await startCart()
    await post('/cart', { item: 'tea', change: 'remove' }, cookie)
    await post('/cart', { item: 'tea', change: 'remove' }, cookie)
    expect(await numbersOf(cookie)).toMatchObject({ tea: '0' })
  })

  it.each([
    ['/cart', { item: '__proto__', change: 'add' }],
    ['/country', { country: 'constructor' }],
  ])('rejects an unknown value at %s', async (path, fields) => {
    const response = await post(path, fields)
    expect([response.status, cookieOf(response)]).toEqual([400, ''])
  })
})
