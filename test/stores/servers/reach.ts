import net from 'node:net'
import { type Lease, MissingServer } from '../contract'

/** Resolves to a server that runs already, at the URL in the environment variable or at the usual URL. */
export async function reach(variable: string, usual: string): Promise<Lease> {
  const url = readUrl(process.env[variable] ?? usual, new URL(usual))
  const place = `${url.hostname}:${url.port}`
  if (!(await answers(url))) throw new MissingServer(`nothing listens on ${place} (${variable})`)
  return { url, description: `${variable} ${place}`, close: async () => {} }
}

/** Parses a URL, or a host and port without a scheme. */
function readUrl(text: string, { protocol, port }: URL): URL {
  const url = new URL(text.includes('://') ? text : `${protocol}//${text}`)
  url.port ||= port
  return url
}

export function answers(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(url.port), url.hostname)
    const settle = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => settle(true)).once('error', () => settle(false))
  })
}
