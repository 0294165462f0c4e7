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
