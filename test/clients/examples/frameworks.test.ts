import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cookieOf, stageExamples, useExample } from '../../examples/use-example'
import { runTool } from '../../support/package'
import { sendForm } from './log-in'

describe('the Lambda example', () => {
  const visit = useExample('lambda', { packages: 'test/clients' })

  it('keeps a session over several events', async () => {
    const first = await visit('/')
    const cookie = cookieOf(first)
    expect(first.headers.getSetCookie()[0]).toMatch(/^__Host-id=.*Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    const second = await visit('/', { headers: { cookie: `theme=dark; ${cookie}` } })
    expect(await second.text()).toContain('<output>2</output>')
  })

  it('ends a session, and serves files without one', async () => {
    const cookie = cookieOf(await visit('/'))
    const end = await sendForm(visit, '/forget', {}, { cookie })
    expect(end.headers.getSetCookie()[0]).toMatch(/^__Host-id=; .*Expires=Thu, 01 Jan 1970/)
    const style = await visit('/style.css')
    expect([style.status, cookieOf(style)]).toEqual([200, ''])
    expect(await style.text()).toContain('color-scheme')
  })
})

describe('the NestJS example', () => {
  const visit = useExample('nestjs', { packages: 'test/clients' })

  it('keeps data over a login, under a new id, and ends the session at logout', async () => {
    const before = cookieOf(await visit('/'))
    const login = await sendForm(visit, '/login', { user: 'ada' }, { cookie: before })
    const after = cookieOf(login)
    expect([login.status, login.headers.get('location')]).toEqual([303, '/'])
    expect(after).not.toBe(before)
    expect(await (await visit('/', { headers: { cookie: after } })).json()).toEqual({ user: 'ada', views: 2 })
    const logout = await sendForm(visit, '/logout', {}, { cookie: after })
    expect([logout.status, cookieOf(logout)]).toEqual([204, 'sid='])
    expect(await (await visit('/', { headers: { cookie: after } })).json()).toEqual({ user: null, views: 1 })
  })

  it('rejects a login without a name', async () => {
    expect((await sendForm(visit, '/login')).status).toBe(401)
  })
})

describe('the code of the NestJS example', () => {
  let stage: string
  beforeAll(() => {
    stage = stageExamples('test/clients')
    return () => rmSync(stage, { recursive: true })
  })

  it('compiles', () => {
    expect(runTool('tsc', ['-p', join(stage, 'examples/nestjs')])).toBe('')
  })
})
