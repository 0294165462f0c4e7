import { describe, expect, it } from 'vitest'
import { cookieOf, useExample } from './use-example'

const visit = useExample('view-counter')

describe('the view counter', () => {
  it('counts the views of each page for a client that returns', async () => {
    const first = await visit('/')
    const headers = { cookie: cookieOf(first) }
    const second = await visit('/', { headers })
    const other = await visit('/other', { headers })

    expect(await first.text()).toContain('1 time.')
    expect(await second.text()).toContain('2 times.')
    expect(await other.json()).toEqual({ '/': 2, '/other': 1 })
  })

  it('starts a new count for another client', async () => {
    await visit('/')
    const response = await visit('/')
    expect(await response.text()).toContain('1 time.')
  })
})
