import type express from 'express'
import { expect } from 'vitest'
import { type Layer, serve } from '../support/app'
import { cookieOf, setCookies } from '../support/cookies'
import type { Project } from './project'

interface Remedy {
  logIn(req: object, user: User): Promise<void>
  checkLogin(findUser: (id: number) => Promise<User>): Layer
  logOutEverywhere(req: object, user: User, saveUser: (user: User) => Promise<void>): Promise<void>
}

interface User {
  id: number
  notBefore: number
}

/** The page of the cookie store: the remedy ends copied cookies, which logout alone does not. */
export async function expectNotBefore(project: Project): Promise<void> {
  const { logIn, checkLogin, logOutEverywhere }: Remedy = project.require('./not-before.js')
  const session = project.require('sessionware')
  const { CookieStore } = project.require('sessionware/cookie-store')
  let user: User = { id: 1, notBefore: 0 }
  const save = async (changed: User) => {
    user = changed
  }
  const { get } = serve(
    session({ store: new CookieStore({ keys: [Buffer.alloc(32, 5)] }) }),
    checkLogin(async () => user),
    async (req, res) => {
      if (req.url === '/login') await logIn(req, user)
      if (req.url === '/logout') await req.session.destroy()
      if (req.url === '/everywhere') await logOutEverywhere(req, user, save)
      res.end((req as { user?: User }).user ? 'in' : 'out')
    },
  )
  const pause = () => new Promise((resolve) => setTimeout(resolve, 2))
  const cookie = cookieOf(await get('/login'))
  await pause()
  expect(setCookies(await get('/logout', cookie))[0]).toMatch(/^connect\.sid=; /)
  expect((await get('/', cookie)).text).toBe('in')
  await get('/everywhere', cookie)
  expect((await get('/', cookie)).text).toBe('out')
  await pause()
  expect((await get('/', cookieOf(await get('/login')))).text).toBe('in')
}

/** An application that counts the views, over HTTPS and without it. */
export async function expectCookieApp(app: express.Express): Promise<void> {
  const { get } = serve(app as unknown as Layer)
  const first = await get()
  expect((await get('/', cookieOf(first, 'id'))).text).toBe('You were here 2 times.')
  expect(setCookies(first, 'id')[0]).toMatch(/^id=[\w-]{100,}; Path=\/; HttpOnly; SameSite=Lax$/)
}

/** The middleware continues a session of cookie-session. */
export async function expectContinued(middleware: Layer): Promise<void> {
  const legacy = 'session=eyJ1c2VyIjoiYWRhIn0=; session.sig=UKlHWTVTnrYQON7V4uoq4zNqdAs'
  const { get } = serve(middleware, (req, res) => res.end(req.session.user ?? 'nobody'))
  const response = await get('/', legacy)
  expect(response.text).toBe('ada')
  expect(setCookies(response, 'id')).toHaveLength(1)
}
