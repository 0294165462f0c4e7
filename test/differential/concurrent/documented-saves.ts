import type { Session } from '../../../src'
import type { Req } from '../../support/app'
import type { LiveRequest } from './live-request'
import type { ConcurrentProgram, ConcurrentStep } from './program'

export type SavesOf = (request: LiveRequest) => DocumentedSaves

/**
 * Saves the sessions of express-session when docs/differences.md says that this package does: a changed session before
 * its response streams, and again when the client disconnects in mid-stream.
 */
export class DocumentedSaves {
  /** The data as the session was loaded or made. */
  private original: string | undefined
  /** The session as it was last saved. */
  private saved: { sid: string; data: string } | undefined
  private isStreaming = false
  private hasSavedEarly = false
  /** The early save has failed. Later errors of the same response are not reported. */
  hasFailed = false

  constructor(
    private readonly request: LiveRequest,
    private readonly options: ConcurrentProgram['options'],
  ) {}

  /** Called when the script starts. */
  start({ session, sessionID }: Req): void {
    if (!session) return
    const isLoaded = sessionID === this.request.sentId
    this.original = dataOf(session)
    if (isLoaded && this.options.resave === false) this.note(session)
  }

  /** Called before each step: a session counts as saved while the store works. */
  beforeStep(step: ConcurrentStep, session: Session | undefined): void {
    if (session && SAVES.includes(step.do)) this.note(session)
  }

  /** Called after each step, with the sessions after and before it. */
  afterStep(step: ConcurrentStep, session: Session | undefined, before: Session | undefined): void {
    if (!session) return
    if (step.do === 'reload' && this.saved && session !== before) this.note(session)
    if (step.do === 'regenerate' || step.do === 'regenerate and set') {
      this.original = '{}'
      this.saved = undefined
    }
  }

  /** Called before a response streams. */
  async beforeStream(req: Req): Promise<void> {
    if (req.session && this.mustSave(req)) await this.save(req.session)
    this.isStreaming = true
  }

  /** Called when the client has disconnected. */
  onClose(req: Req): void {
    const { session } = req
    if (!session || !this.isStreaming || this.request.hasEnded) return
    const isChanged = this.saved || dataOf(session) !== this.original
    if (isChanged && this.mustSave(req)) void this.save(session)
  }

  /** Returns whether a save at the end of the response is more than a repetition. */
  isSaveNeeded(sid: string, data: string): boolean {
    return !(this.saved?.sid === sid && this.saved.data === data)
  }

  get isTouchNeeded(): boolean {
    return !this.hasSavedEarly
  }

  private mustSave({ session, sessionID }: Req): boolean {
    const data = dataOf(session)
    const isUninitialized =
      this.options.saveUninitialized === false && !this.saved && sessionID !== this.request.sentId
    return isUninitialized ? data !== this.original : this.isSaveNeeded(session.id, data)
  }

  private async save(session: Session): Promise<void> {
    this.note(session)
    this.hasSavedEarly = true
    const error = await new Promise((resolve) => session.save(resolve))
    if (!error || this.hasFailed) return
    this.hasFailed = true
    this.request.noteError(error)
  }

  private note(session: Session): void {
    this.saved = { sid: session.id, data: dataOf(session) }
  }
}

const SAVES = ['save', 'save twice', 'save without callback']

/** Returns the JSON of a session without its cookie. */
export function dataOf(session: Session): string {
  return JSON.stringify({ ...session, cookie: undefined })
}
