/** Logs in at a login app; resolves to the Cookie header for the user's next requests. */
export async function logInAt(port: number, user = 'ada'): Promise<string> {
  const body = new URLSearchParams({ user })
  const response = await fetch(`http://127.0.0.1:${port}/login`, { method: 'POST', body, redirect: 'manual' })
  const [line = ''] = response.headers.getSetCookie()
  return line.split(';')[0] ?? ''
}
