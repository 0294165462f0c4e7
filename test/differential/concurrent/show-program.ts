import { showAnswer, showStep, showValue } from '../show-program'
import type { ConcurrentProgram, ConcurrentRequest } from './program'

/** Returns a readable description of a program. */
export function showConcurrentProgram({
  host,
  options,
  store,
  requests,
  schedule,
}: ConcurrentProgram): string {
  const lines = [
    `${host}, options ${showValue(options)}`,
    `store ${showValue(store)}`,
    ...requests.flatMap(showRequest),
    `schedule: ${schedule.map((event) => `${event.do} ${event.request}`).join(', ')}`,
  ]
  return lines.join('\n')
}

function showRequest({ steps, answer, ...request }: ConcurrentRequest, index: number) {
  const end = answer ? showEnd(answer) : ['  no answer']
  return [`request ${index}: ${showValue(request)}`, ...steps.map((step) => showStep(step)), ...end]
}

function showEnd({ midway, ...answer }: NonNullable<ConcurrentRequest['answer']>) {
  return [`  answer ${showAnswer(answer)}`, ...midway.map((step) => `  midway ${showStep(step)}`)]
}
