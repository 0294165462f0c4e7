const { html, page } = require('../page')

exports.login = ({ username = '', error } = {}) =>
  page(
    'Log in',
    html`<form method="post" action="/login">
        ${error && html`<p class="error" role="alert">${error}</p>`}
        <label>Name <input name="username" value="${username}" autocomplete="username" required autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        <button>Log in</button>
      </form>
      <p class="hint">Try <kbd>ada</kbd> with the password <kbd>analytical engine</kbd>.</p>`,
  )

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
      <form method="post" action="/logout"><button>Log out</button></form>
      <form method="post" action="/logout-everywhere"><button>Log out everywhere</button></form>`,
  )

exports.message = (title, text) =>
  page(
    title,
    html`<p>${text}</p>
      <p><a href="/">Back to the start page</a></p>`,
  )
