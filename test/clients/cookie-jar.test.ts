import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { libraries } from '../support/libraries'
import { logInAt } from './log-in'
import { startLoginApp } from './login-app'

describe.each(libraries)('supertest’s agent with $library', ({ session }) => {
  it('logs in, follows the redirect, and logs out', async () => {
    const { server } = await startLoginApp(session)
    const agent = supertest.agent(server)
    const home = await agent.post('/login').type('form').send({ user: 'ada' }).redirects(1)
    expect(home.text).toContain('>ada<')
    expect((await agent.post('/logout').redirects(1)).text).toContain('>nobody<')
  })
})

describe.each(libraries)('fetch with $library', ({ session }) => {
  it('is logged in with the cookie of the login', async () => {
    const { port } = await startLoginApp(session)
    const cookie = await logInAt(port)
    const home = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } })
    expect(await home.text()).toContain('>ada<')
  })

  it('can be several users at the same time', async () => {
    const { port } = await startLoginApp(session)
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`)
    const pages = await Promise.all(users.map((user) => homeOf(port, user)))
    expect(pages).toEqual(users.map((user) => `<p id="user">${user}</p>`))
  })
})

async function homeOf(port: number, user: string) {
  const cookie = await logInAt(port, user)
  return (await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } })).text()
}
