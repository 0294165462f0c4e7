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

exports.profile = ({ user, visits }, { idleEnds, absoluteEnds }) =>
  page(
    `Hello, ${user.name}`,
    html`<dl>
        <dt>Logged in</dt><dd>${new Date(user.since).toUTCString()}</dd>
        <dt>Visits to this page</dt><dd>${visits}</dd>
        <dt>Ends without a request</dt><dd>${idleEnds.toUTCString()}</dd>
        <dt>Ends in any case</dt><dd>${absoluteEnds.toUTCString()}</dd>
      </dl>
      <form method="post" action="/logout"><button>Log out</button></form>`,
  )

exports.message = (title, text) =>
  page(
    title,
    html`<p>${text}</p>
      <p><a href="/">Back to the start page</a></p>`,
  )
