import { expect } from 'vitest'
import type { RawConnection } from './raw-client'
import { roundTrip } from './round-trip'
import type { TestStore } from './store'

/** Sees that nothing of a response is on the wire while the store is at work, and lets the store answer. */
export async function expectHeld(client: RawConnection, write: ReturnType<TestStore['hold']>): Promise<void> {
  await write.called
  await roundTrip()
  expect(client.received).toBe('')
  write.release()
}
