const { updateSession } = require('sessionware')
const { WebSocket, WebSocketServer } = require('ws')

/** The code with which a socket is closed whose session has ended: 4000 to 4999 are for applications. */
const SESSION_ENDED = 4401

/** Milliseconds between two looks at the store, which notice a session that expired or was ended in another process. */
const { CHECK_PERIOD = 30_000 } = process.env

/** Accepts WebSockets of users who are logged in. `closeAll(id)` closes those of a session that has ended. */
exports.addSockets = (server, sessions) => {
  const sockets = new WebSocketServer({ noServer: true })
  const open = new Map() // The sockets of each session id.

  server.on('upgrade', (req, socket, head) => {
    if (!isSameOrigin(req)) return refuse(socket, '403 Forbidden')
    // An upgrade has no response, so {} stands for it. Nothing is saved at its end: use save() or updateSession().
    sessions(req, {}, (error) => {
      if (error) return refuse(socket, '500 Internal Server Error')
      if (!req.session?.user) return refuse(socket, '401 Unauthorized')
      sockets.handleUpgrade(req, socket, head, (client) => accept(client, req))
    })
  })

  function accept(client, req) {
    const { sessionID } = req
    const clients = open.get(sessionID) ?? new Set()
    open.set(sessionID, clients.add(client))
    const timer = setInterval(() => closeIfEnded(client, req), Number(CHECK_PERIOD))
    client.on('message', (data) => receive(client, req, String(data)))
    client.on('close', () => {
      clearInterval(timer)
      clients.delete(client)
      if (clients.size === 0) open.delete(sessionID)
    })
  }

  async function receive(client, req, text) {
    try {
      // Reads the session as it is now, changes it, and saves it.
      const sent = await updateSession(req, (draft) => {
        draft.sent = (draft.sent ?? 0) + 1
        return draft.sent
      })
      const message = JSON.stringify({ from: req.session.user, text, sent })
      for (const each of sockets.clients) if (each.readyState === WebSocket.OPEN) each.send(message)
    } catch (error) {
      close(client, error)
    }
  }

  return {
    closeAll(sessionID) {
      for (const client of open.get(sessionID) ?? []) client.close(SESSION_ENDED, 'session ended')
    },
  }
}

async function closeIfEnded(client, req) {
  try {
    await req.session.reload()
  } catch (error) {
    close(client, error)
  }
}

function close(client, error) {
  // reload() says ENOENT or "failed to load session" for a session that is gone; other errors are the store's.
  if (error.code !== 'ERR_SESSION_GONE') console.error(error.message)
  client.close(SESSION_ENDED, 'session ended')
}

// Browsers let the pages of all sites open WebSockets, with the cookies of the user if SameSite lets them.
function isSameOrigin({ headers: { origin, host } }) {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
}

function refuse(socket, status) {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
