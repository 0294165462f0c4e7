import { vi } from 'vitest'
import type { SessionModule } from '../../support/implementations'
import { describeError } from '../journal'
import { START } from '../program-options'
import { ConcurrentStage } from './concurrent-stage'
import { watchForCrashes } from './crashes'
import type { LiveRequest } from './live-request'
import type { ConcurrentProgram } from './program'
import type { SharedRecords } from './scheduled-store'

/** What was seen of a program with one implementation. */
export interface Performance {
  requests: LiveRequest[]
  records: [sid: string, json: string][]
  shared: SharedRecords
  crashes: string[]
  /** Names an id as the records and the calls do. */
  name: (sid: string) => string
}

/** Runs a program with one implementation; `documented` makes express-session behave as docs/differences.md says. */
export async function play(
  program: ConcurrentProgram,
  session: SessionModule,
  documented: boolean,
): Promise<Performance> {
  vi.clearAllTimers()
  vi.setSystemTime(START)
  const stage = new ConcurrentStage(program, session, documented)
  const crashes = watchForCrashes()
  try {
    await stage.run()
  } catch (error) {
    crashes.seen.push(describeError(error))
  } finally {
    crashes.stop()
  }
  const { requests, processes, name } = stage
  const records = await processes.read()
  await stage.close()
  return { requests, records, shared: processes.shared, crashes: crashes.seen, name }
}
