import type { RequestListener } from 'node:http'
import type { Layer, Req, Res } from '../../support/app'
import { sendEnd, sendHead } from '../give-answer'
import { describeError } from '../journal'
import { answerError, composeExpress, composeNode } from '../serve-request'
import { runStep } from '../session-steps'
import type { DocumentedSaves } from './documented-saves'
import type { LiveRequest } from './live-request'
import { ownAfter, ownBefore } from './own-properties'
import { type ConcurrentAnswer, type ConcurrentProgram, type ConcurrentStep, isStream } from './program'
import type { Scheduler } from './scheduler'

/** Returns the app for one request: the middleware, the script after it, and an error handler. */
export function createConcurrentListener(
  host: ConcurrentProgram['host'],
  request: LiveRequest,
  middleware: Layer,
  scheduler: Scheduler,
  saves: DocumentedSaves | undefined,
): RequestListener {
  const { plan } = request
  const prepare: Layer = (req, res, next) => {
    request.noteResponse(res)
    res.once('close', scheduler.note)
    ownBefore(plan.own, req, res)
    next()
  }
  const session: Layer = (req, res, next) => {
    const response = plan.kind === 'upgrade' ? ({} as Res) : res
    middleware(plan.isProxied ? new Proxy(req, {}) : req, response, next)
  }
  const script: Layer = (req, res) => {
    ownAfter(plan.own, req, res)
    request.handlerRuns++
    return new Script(request, req, res, scheduler, saves).run()
  }
  const onError = (error: unknown, res: Res) => {
    if (!saves?.hasFailed) request.noteError(error)
    scheduler.note()
    if (!request.isHeadBuilt) request.end(() => answerError(res, error))
    else if (plan.errorHandler === 'destroys the connection') res.destroy()
  }
  const layers = [prepare, session, script]
  return host === 'node:http'
    ? composeNode(layers, onError)
    : composeExpress(
        layers.map((layer) => [layer]),
        onError,
      )
}

/** The handler of one request. */
class Script {
  constructor(
    private readonly request: LiveRequest,
    private readonly req: Req,
    private readonly res: Res,
    private readonly scheduler: Scheduler,
    private readonly saves: DocumentedSaves | undefined,
  ) {}

  async run(): Promise<void> {
    const { request, req, res, saves } = this
    const { answer, kind, steps } = request.plan
    try {
      saves?.start(req)
      res.once('close', () => saves?.onClose(req))
      for (const step of steps) await this.runStep(step)
      if (kind === 'upgrade') request.end(() => res.end())
      else if (answer) await this.answer(answer)
    } catch (error) {
      request.journal.write`thrown: ${describeError(error)}`
      request.end(() => (request.isHeadBuilt ? res.destroy() : answerError(res, error)))
    }
    this.scheduler.note()
  }

  private async answer(answer: ConcurrentAnswer): Promise<void> {
    const { request, req, res, saves } = this
    if (isStream(answer, res.destroyed)) await saves?.beforeStream(req)
    res.statusCode = answer.status
    sendHead(res, answer)
    for (const chunk of answer.writes) res.write(chunk)
    for (const step of answer.midway) {
      await this.runStep(step)
      request.isMidway = true
    }
    request.end(() => sendEnd(res, answer))
  }

  private async runStep(step: ConcurrentStep): Promise<void> {
    const { request, req, scheduler } = this
    scheduler.note()
    if (step.do === 'pause') return scheduler.pause(request)
    const { session } = req
    this.saves?.beforeStep(step, session)
    request.isInStep = true
    try {
      await runStep(step, req, request.journal)
    } finally {
      request.isInStep = false
    }
    this.saves?.afterStep(step, req.session, session)
  }
}
