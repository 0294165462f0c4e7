const { html, login, message, page } = require('../page')

exports.login = login

exports.sessions = (user, list) =>
  page(
    'Where you are logged in',
    html`<p>${user.name}, this is every browser that is logged in with your name. Log out those that you do not know.</p>
      <ul class="items">${list.map(item)}</ul>
      ${
        list.length > 1 &&
        html`<form method="post" action="/sessions/end-others">
          <button>Log out everywhere else</button>
        </form>`
      }`,
    { wide: true },
  )

const item = ({ handle, isCurrent, expires, data }) => html`<li class="row">
    <div>
      <strong>${data.device}</strong>${isCurrent && html` <span class="hint">this browser</span>`}<br>
      <span class="hint">since ${time(data.since)}, expires ${time(expires)}</span>
    </div>
    ${isCurrent ? logOut : end(handle, data.device)}
  </li>`

const logOut = html`<form method="post" action="/logout"><button class="quiet">Log out</button></form>`

const end = (handle, device) => html`<form method="post" action="/sessions/end">
      <input type="hidden" name="handle" value="${handle}">
      <button class="quiet" aria-label="Log out ${device}">Log out</button>
    </form>`

const time = (date) => html`<time>${new Date(date).toISOString().slice(0, 16).replace('T', ' ')} UTC</time>`

exports.message = message
