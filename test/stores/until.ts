import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE = 20_000
const STEP = 40

/** Checks repeatedly until the condition holds; for servers whose clocks cannot be faked. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    if (await holds()) return
    await sleep(STEP)
  }
  throw new Error(`still waiting for ${what}`)
}
