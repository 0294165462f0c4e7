const { html, page } = require('../page')

exports.login = () =>
  page(
    'Chat',
    html`<form method="post" action="/login">
        <label>Your name <input name="name" value="Ada" required autofocus></label>
        <button>Enter</button>
      </form>`,
  )

exports.chat = (user, sent) =>
  page(
    `Chat as ${user}`,
    html`<script src="/socket.io/socket.io.js"></script>
      <ul class="items" id="messages" aria-live="polite"></ul>
      <form id="say">
        <label>Message <input name="text" autocomplete="off" required autofocus></label>
        <button>Send</button>
      </form>
      <p>Sent in this session: <output id="sent">${sent}</output></p>
      <form method="post" action="/logout"><button class="quiet">Log out, in all tabs</button></form>
      <script>${script}</script>`,
  )

const script = html`
  const socket = io()
  const find = (id) => document.getElementById(id)
  find('say').onsubmit = (event) => {
    event.preventDefault()
    socket.emit('say', event.target.text.value)
    event.target.reset()
  }
  socket.on('said', ({ from, text, sent }) => {
    const item = document.createElement('li')
    item.textContent = from + ': ' + text
    find('messages').append(item)
    find('sent').value = sent
  })
  // The server disconnects the socket when the session has ended.
  socket.on('disconnect', (reason) => { if (reason === 'io server disconnect') location.reload() })
`
