import { cookieOf } from '../../examples/use-example'

type Visit = (path: string, init?: RequestInit) => Promise<Response>

/** Sends a form, and resolves to the response. */
export function sendForm(visit: Visit, path: string, fields: Record<string, string> = {}, headers = {}) {
  return visit(path, { method: 'POST', body: new URLSearchParams(fields), headers })
}

/** Logs in at an example, and resolves to the Cookie header for the user's next requests. */
export async function logIn(visit: Visit, fields: Record<string, string>) {
  return cookieOf(await sendForm(visit, '/login', fields))
}
