import { createClient } from 'redis'

/** Sends one command to a Redis server, over a connection of its own. */
export async function sendTo(url: URL, ...command: string[]): Promise<unknown> {
  const client = await createClient({ url: url.href })
    .on('error', () => {})
    .connect()
  try {
    return await client.sendCommand(command)
  } finally {
    client.destroy()
  }
}
