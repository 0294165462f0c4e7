const { html, login, message, page } = require('../page')

exports.login = login

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

exports.message = message
