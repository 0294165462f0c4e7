/** The error of an explicit save of a session whose record is gone. */
export function goneError(): Error {
  return errorOf(
    'ERR_SESSION_GONE',
    'the session was not saved, because its record is gone: it was destroyed or has expired',
  )
}

/** The error of `regenerate({ keep })` if the session was destroyed meanwhile. */
export function endedError(): Error {
  return errorOf(
    'ERR_SESSION_GONE',
    'the session was destroyed while its request was running, so nothing of it is kept',
  )
}

/** The error if the record was changed by others again and again. */
export function conflictError(): Error {
  return errorOf(
    'ERR_SESSION_CONFLICT',
    'the session was not saved, because other requests kept changing it at the same time',
  )
}

/** The error of a change that waits for itself. */
export function nestedError(): Error {
  return errorOf(
    'ERR_SESSION_NESTED_UPDATE',
    'the function that updateSession() calls must not update or save the same session: change the draft that it gets',
  )
}

/** The error of a new session whose cookie cannot be sent any more. */
export function lateError(): Error {
  return errorOf(
    'ERR_SESSION_HEADERS_SENT',
    'updateSession() cannot make a session after the headers were sent: call it before, or read req.session.id and change the session before',
  )
}

/** The error of a change of a session in a cookie that cannot be sent any more. */
export function closedError(reason: 'headers sent' | 'no response'): Error {
  const why =
    reason === 'headers sent'
      ? 'the session was changed after the headers of the response were sent'
      : 'the session was changed in a request without a response, such as a WebSocket upgrade'
  return errorOf(
    'ERR_SESSION_HEADERS_SENT',
    `${why}, so the change is lost: the session is in its cookie, and a cookie is sent with the headers`,
  )
}

function errorOf(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
