exports.login = ({ username = '', error } = {}) =>
  page(
    'Log in',
    `<form method="post" action="/login">
      ${error ? `<p class="error" role="alert">${escapeHtml(error)}</p>` : ''}
      <label>Name <input name="username" value="${escapeHtml(username)}" autocomplete="username" required autofocus></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button>Log in</button>
    </form>
    <p class="hint">Try <kbd>ada</kbd> with the password <kbd>analytical engine</kbd>.</p>`,
  )

exports.profile = ({ user, visits }, { idleEnds, absoluteEnds }) =>
  page(
    `Hello, ${user.name}`,
    `<dl>
      <dt>Logged in</dt><dd>${escapeHtml(new Date(user.since).toUTCString())}</dd>
      <dt>Visits to this page</dt><dd>${visits}</dd>
      <dt>Ends without a request</dt><dd>${idleEnds.toUTCString()}</dd>
      <dt>Ends in any case</dt><dd>${absoluteEnds.toUTCString()}</dd>
    </dl>
    <form method="post" action="/logout"><button>Log out</button></form>`,
  )

exports.message = (title, text) =>
  page(title, `<p>${escapeHtml(text)}</p><p><a href="/">Back to the start page</a></p>`)

const page = (title, body) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <style>${style}</style>
  </head>
  <body>
    <main>
      <h1>${escapeHtml(title)}</h1>
      ${body}
    </main>
  </body>
</html>
`

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeHtml = (value) => String(value).replace(/[&<>"']/g, (character) => entities[character])

const style = `
  :root { color-scheme: light dark; --edge: light-dark(#d8dee4, #3a414a); --accent: light-dark(#1f5fbf, #7aaeff); }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1rem/1.5 system-ui, sans-serif;
    background: light-dark(#f4f6f8, #14171b); color: light-dark(#1c2126, #e6e9ec); }
  main { width: min(27rem, calc(100vw - 2rem)); padding: 2rem; border: 1px solid var(--edge); border-radius: 12px;
    background: light-dark(#fff, #1d2126); }
  h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.2; }
  label { display: block; margin-bottom: 1rem; font-weight: 600; }
  input { display: block; width: 100%; margin-top: .25rem; padding: .55rem .7rem; font: inherit; font-weight: 400; color: inherit;
    background: transparent; border: 1px solid var(--edge); border-radius: 6px; }
  button { width: 100%; padding: .6rem; font: inherit; font-weight: 600; cursor: pointer; border: 0;
    border-radius: 6px; background: var(--accent); color: light-dark(#fff, #10141a); }
  a { color: var(--accent); }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .4rem 1rem; margin: 0 0 1.5rem; }
  dt, .hint { color: light-dark(#59636e, #9aa4af); }
  dd { margin: 0; text-align: right; }
  kbd { padding: .1em .4em; border: 1px solid var(--edge); border-radius: 4px; }
  .hint { margin: 1.25rem 0 0; font-size: .9rem; }
  .error { margin: 0 0 1rem; padding: .6rem .8rem; border-radius: 6px;
    background: light-dark(#fdecea, #4a1f1d); color: light-dark(#8c1d18, #ffd9d6); }
`
