const { join } = require('node:path')

/** Returns an HTML page with the stylesheet that all examples share. `body` is the result of `html`. */
exports.page = (title, body, { wide = false } = {}) =>
  String(html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="/style.css">
    <title>${title}</title>
    <script>
      // A page in the browser's back/forward cache must not be seen after a logout. Chromium keeps some with no-store there.
      addEventListener('pagehide', () => { document.documentElement.hidden = true })
      addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
    </script>
  </head>
  <body>
    <main class="${wide ? 'wide' : ''}">
      <h1>${title}</h1>
      ${body}
    </main>
  </body>
</html>
`)

/** A template tag: its values are escaped, except the results of other templates and lists of them. */
exports.html = html

/** The form that the examples with a login share. */
exports.login = ({ username = '', error } = {}) =>
  exports.page(
    'Log in',
    html`<form method="post" action="/login">
        ${error && html`<p class="error" role="alert">${error}</p>`}
        <label>Name <input name="username" value="${username}" autocomplete="username" required autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        <button>Log in</button>
      </form>
      <p class="hint">Try <kbd>ada</kbd> with the password <kbd>analytical engine</kbd>.</p>`,
  )

/** A page with one sentence. */
exports.message = (title, text) =>
  exports.page(
    title,
    html`<p>${text}</p>
      <p><a href="/">Back to the start page</a></p>`,
  )

/** Middleware: serves /style.css. Use it before the session, because a stylesheet needs none. */
exports.stylesheet = (req, res, next) => {
  if (req.path === '/style.css') res.sendFile(join(__dirname, 'style.css'), { maxAge: '1h' })
  else next()
}

class Html {
  constructor(text) {
    this.text = text
  }

  toString() {
    return this.text
  }
}

function html(strings, ...values) {
  return new Html(String.raw({ raw: strings }, ...values.map(toText)))
}

function toText(value) {
  if (value === undefined || value === null || value === false) return ''
  if (Array.isArray(value)) return value.map(toText).join('')
  return value instanceof Html ? value.text : escapeHtml(value)
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeHtml = (value) => String(value).replace(/[&<>"']/g, (character) => entities[character])
