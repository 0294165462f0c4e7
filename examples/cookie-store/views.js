const { html, login, message, page } = require('../page')

exports.login = login

exports.profile = ({ name }, { loginAt, visits, note = '' }, bytes) =>
  page(
    `Hello, ${name}`,
    html`<dl>
        <dt>Logged in</dt><dd>${new Date(loginAt).toUTCString()}</dd>
        <dt>Visits to this page</dt><dd>${visits}</dd>
        <dt>Your cookie</dt><dd>${bytes} of 4096 bytes</dd>
      </dl>
      <form method="post" action="/note">
        <label>A note, kept in your cookie <input name="note" value="${note}"></label>
        <button>Keep it</button>
      </form>
      <form method="post" action="/logout"><button class="quiet">Log out</button></form>
      <form method="post" action="/logout-everywhere"><button class="quiet">Log out everywhere</button></form>`,
  )

exports.message = message
