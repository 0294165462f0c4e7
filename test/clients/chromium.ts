import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type CdpConnection, connectCdp } from './cdp'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
  // The server's certificate is self-signed.
  '--ignore-certificate-errors',
]

/** The path of Chromium on this machine, or undefined. */
export function findChromium(): string | undefined {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser']
  return places.find((place) => place && existsSync(place))
}

/** Opens a page in a new browser process with a new profile. */
export async function openPage(executable: string, url: string): Promise<CdpConnection> {
  const profile = await mkdtemp(join(tmpdir(), 'session-browser-'))
  const browser = spawn(executable, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => quit(browser, profile))
  const { host } = new URL(await debuggerUrl(browser))
  const { webSocketDebuggerUrl } = await newTarget(host)
  const socket = new WebSocket(webSocketDebuggerUrl)
  await once(socket, 'open')
  const page = connectCdp(socket)
  await page.send('Page.enable')
  await page.loads(() => page.send('Page.navigate', { url }))
  return page
}

async function debuggerUrl(browser: ChildProcess): Promise<string> {
  if (!browser.stderr) throw new Error('the browser has no stderr')
  for await (const line of createInterface(browser.stderr)) {
    const [, url] = /DevTools listening on (\S+)/.exec(line) ?? []
    if (url) return url
  }
  throw new Error('the browser ended before it was ready')
}

async function newTarget(host: string) {
  const response = await fetch(`http://${host}/json/new?about:blank`, { method: 'PUT' })
  return (await response.json()) as { webSocketDebuggerUrl: string }
}

async function quit(browser: ChildProcess, profile: string) {
  const ended = once(browser, 'exit')
  browser.kill()
  await ended
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
}
