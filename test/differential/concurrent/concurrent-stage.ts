import type { RequestListener } from 'node:http'
import { vi } from 'vitest'
import { signedCookie } from '../../support/cookies'
import type { SessionModule } from '../../support/implementations'
import { Journal } from '../journal'
import { clock } from './clock'
import { DocumentedSaves } from './documented-saves'
import { currentRequest, LiveRequest } from './live-request'
import { MemoryServer } from './memory-server'
import { createNames } from './names'
import { openProcesses, type Processes } from './processes'
import type { ConcurrentProgram, Event } from './program'
import { createConcurrentListener } from './run-request'
import { Scheduler } from './scheduler'
import { sessionIdIn } from './session-cookie'

const ROUNDS_AT_MOST = 200
/** Longer than the library waits for an error handler. */
const PATIENCE = 10_000

/** Runs the requests of one program in the order of its schedule. */
export class ConcurrentStage {
  readonly name = createNames(['live', 'unknown'])
  readonly requests: LiveRequest[]
  readonly processes: Processes
  private readonly scheduler = new Scheduler()
  private readonly saves = new Map<LiveRequest, DocumentedSaves>()
  private readonly listeners = new Map<LiveRequest, RequestListener>()
  private readonly server = new MemoryServer((req, res) =>
    this.listeners.get(currentRequest.getStore() as LiveRequest)?.(req, res),
  )

  constructor(
    private readonly program: ConcurrentProgram,
    session: SessionModule,
    documented: boolean,
  ) {
    this.requests = program.requests.map(
      (plan, index) => new LiveRequest(index, plan, new Journal(this.name), program.options.resave),
    )
    if (documented) {
      for (const request of this.requests)
        this.saves.set(request, new DocumentedSaves(request, program.options))
    }
    const savesOf = (request: LiveRequest) => this.saves.get(request) as DocumentedSaves
    this.processes = openProcesses(program, session, this.scheduler, documented ? savesOf : undefined)
  }

  async run(): Promise<void> {
    for (const event of this.program.schedule) {
      if (this.happen(event)) await this.scheduler.settle()
    }
    await this.continueAll()
    vi.advanceTimersByTime(PATIENCE)
    await this.scheduler.settle()
    for (const request of this.requests) if (request.isWaiting) this.giveUp(request)
    await this.scheduler.settle()
    await this.continueAll()
  }

  /** Closes the connections: Node keeps a parser for each open one. */
  async close(): Promise<void> {
    for (const { connection } of this.requests) connection?.leave()
    await this.scheduler.settle()
  }

  private happen({ do: what, request: index }: Event): boolean {
    const request = this.requests[index]
    if (!request) return false
    return what === 'leave' ? this.leave(request) : this.continue(request)
  }

  private async continueAll(): Promise<void> {
    for (let rounds = 0; this.requests.some((request) => this.continue(request)); rounds++) {
      if (rounds > ROUNDS_AT_MOST) throw new Error('the program does not end')
      await this.scheduler.settle()
    }
  }

  private continue(request: LiveRequest): boolean {
    return request.connection ? this.scheduler.release(request) : this.start(request)
  }

  private start(request: LiveRequest): boolean {
    const { plan, index } = request
    const previous = this.requests[index - 1]
    if (plan.cookie === 'previous' && previous && !this.isDone(previous)) return false
    const cookie = cookieOf(request, previous)
    request.sentId = cookie && sessionIdIn(cookie)
    this.listeners.set(request, this.listen(request))
    request.began = clock.next()
    currentRequest.run(request, () => {
      const connection = this.server.connect(this.scheduler.note)
      connection.onFirstByte = () => request.noteFirstByte()
      request.connection = connection
      connection.send('/app', cookie ? [`Cookie: ${cookie}`] : [])
    })
    return true
  }

  /** The client has its response, and the server has done its work. */
  private isDone(request: LiveRequest) {
    return request.connection && !request.isWaiting && !this.scheduler.isBusy(request)
  }

  private listen(request: LiveRequest) {
    const middleware = this.processes.middlewares[request.plan.process]
    return createConcurrentListener(
      this.program.host,
      request,
      middleware,
      this.scheduler,
      this.saves.get(request),
    )
  }

  private giveUp(request: LiveRequest) {
    request.hasGivenUp = true
    request.leave()
  }

  private leave(request: LiveRequest): boolean {
    if (!request.connection || request.hasLeft) return false
    request.leave()
    return true
  }
}

function cookieOf({ plan }: LiveRequest, previous: LiveRequest | undefined): string | undefined {
  if (plan.cookie === 'none') return undefined
  if (plan.cookie !== 'previous') return signedCookie(plan.cookie)
  // The implementations differ in how much of a response is sent before its client leaves.
  const headers = previous?.hasLeft ? [] : (previous?.connection?.response?.headers ?? [])
  const line = headers.find(([name, value]) => name === 'Set-Cookie' && sessionIdIn(value) !== undefined)
  return line?.[1].split(';')[0]
}
