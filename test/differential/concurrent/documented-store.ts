import type { Session } from '../../../src'
import { clock } from './clock'
import { dataOf, type SavesOf } from './documented-saves'
import { currentRequest, type LiveRequest } from './live-request'
import type { Answer, StoreMethods } from './scheduled-store'

/**
 * Changes the store of express-session so that its requests behave as docs/differences.md says of this package: a call
 * is answered once, also if it throws; an id that ended is not written by requests that began before; a session that
 * was saved already is not saved again.
 */
export function documentStore(
  methods: StoreMethods,
  savesOf: SavesOf,
  noteEnd: (sid: string) => void,
): StoreMethods {
  /** When each id ended. */
  const ended = new Map<string, number>()
  /** The ids that the store is destroying. */
  const ending: string[] = []

  function isEnded(sid: string) {
    return ending.includes(sid) || (ended.get(sid) ?? -1) >= current().began
  }

  function write(name: 'set' | 'touch', sid: string, session: Session, done: Answer = () => {}) {
    if (isEnded(sid)) return queueMicrotask(done)
    const method = methods[name] as NonNullable<StoreMethods['touch']>
    callOnce(
      (answer) => method(sid, session, answer),
      (err) => {
        if (!isEnded(sid)) return done(err)
        destroy(sid, (fault) => done(err ?? fault))
      },
    )
  }

  function destroy(sid: string, done: Answer = () => {}) {
    ending.push(sid)
    noteEnd(sid)
    callOnce(
      (answer) => methods.destroy(sid, answer),
      (err) => {
        ending.splice(ending.indexOf(sid), 1)
        if (!err) ended.set(sid, clock.next())
        done(err)
      },
    )
  }

  function touch(sid: string, session: Session, done: Answer = () => {}) {
    const saves = savesOf(current())
    // express-session compares a reloaded session with what was loaded first, and loses a change back to that.
    if (current().hasEnded && saves.isSaveNeeded(sid, dataOf(session))) write('set', sid, session, done)
    else if (saves.isTouchNeeded) write('touch', sid, session, done)
    else queueMicrotask(done)
  }

  return {
    get(sid, done) {
      callOnce(
        (answer) => methods.get(sid, answer),
        (err, record) => (err || !isEnded(sid) ? done(err, record) : done()),
      )
    },
    set(sid, session, done = () => {}) {
      const request = current()
      const saves = savesOf(request)
      if (!request.hasEnded || saves.isSaveNeeded(sid, dataOf(session)))
        return write('set', sid, session, done)
      if (methods.touch && request.sentId === sid) touch(sid, session, done)
      else queueMicrotask(done)
    },
    destroy,
    ...(methods.touch && { touch }),
  }
}

function current(): LiveRequest {
  return currentRequest.getStore() as LiveRequest
}

function callOnce(call: (answer: Answer) => void, done: Answer) {
  let isAnswered = false
  const answer: Answer = (err, value) => {
    if (isAnswered) return
    isAnswered = true
    done(err, value)
  }
  try {
    call(answer)
  } catch (error) {
    // At the end of a response, express-session has to send its part of it before the answer.
    if (current().hasEnded) setImmediate(answer, error)
    else answer(error)
  }
}
