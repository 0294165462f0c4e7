import { expect } from 'vitest'
import type { RawConnection } from './raw-client'
import { roundTrip } from './round-trip'
import type { TestStore } from './store'

/** Checks that the client has received nothing while the store's call is held, then lets the store answer. */
export async function expectHeld(client: RawConnection, write: ReturnType<TestStore['hold']>): Promise<void> {
  await write.called
  await roundTrip()
  expect(client.received).toBe('')
  write.release()
}
