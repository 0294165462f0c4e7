import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from '../docs/markdown'
import { cookieOf, useExample } from './use-example'

const isInstalled = existsSync(join(repository, 'examples/nextjs/node_modules/sessionware/dist'))
if (!isInstalled) {
  console.warn(
    'test/examples/nextjs: skipped, because Next.js (350 MB) is not installed: npm run example:next installs it and runs these tests',
  )
}

describe.skipIf(!isInstalled)('the Next.js example', () => {
  // Its compiler does not follow links to packages outside of the folder.
  const visit = useExample('nextjs', {
    isInPlace: true,
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'development' },
  })
  const post = (path: string, cookie: string) =>
    visit(path, { method: 'POST', body: new URLSearchParams({ user: 'Ada' }), headers: { cookie } })
  const pageOf = async (cookie: string) =>
    (await (await visit('/', { headers: { cookie } })).text()).replaceAll('<!-- -->', '')

  it('keeps data over a login, under a new id, and ends the session at logout', async () => {
    const before = cookieOf(await visit('/'))
    const login = await post('/api/login', before)
    const after = cookieOf(login)
    expect([login.status, login.headers.get('location')]).toEqual([303, '/'])
    expect(after).not.toBe(before)
    expect(await pageOf(after)).toMatch(/Hello, Ada.*<output>2<\/output>/)
    const logout = await post('/api/logout', after)
    expect(cookieOf(logout)).toBe('sid=')
    expect(await pageOf(after)).toMatch(/Hello<\/h1>.*<output>1<\/output>/)
  })
})
