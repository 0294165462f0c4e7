import { vi } from 'vitest'

/** In milliseconds: far longer than a busy machine needs. Only a failing test waits this long. */
const PATIENCE = 20_000

/** Repeats the assertions until they pass. Rejects with their last error if they do not pass in time. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: PATIENCE, interval: 5 })
}
