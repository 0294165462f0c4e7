const { randomBytes, scryptSync, timingSafeEqual } = require('node:crypto')
const { message } = require('./page')

/** Returns the accounts of an example, from `{ ada: { password, ...user } }`. An application has them in a database. */
exports.createAccounts = (accounts) => {
  const users = new Map()
  for (const [name, { password, ...user }] of Object.entries(accounts)) {
    users.set(name, { ...user, ...hashPassword(password) })
  }
  const unknownUser = hashPassword('no such user')
  return {
    find: (name) => users.get(name),
    // Hashes the password for an unknown name too. Otherwise the response time shows which names have an account.
    check(name, password) {
      const { salt, hash } = users.get(name) ?? unknownUser
      const isCorrect = timingSafeEqual(hash, scryptSync(password, salt, 32))
      return isCorrect ? users.get(name) : undefined
    },
  }
}

/** Middleware: with SameSite=Lax, forms of other sites cannot use a session. This also stops them from logging in. */
exports.rejectOtherSites = (req, res, next) => {
  const isFromOtherSite = req.method === 'POST' && req.get('Sec-Fetch-Site') === 'cross-site'
  if (isFromOtherSite) res.status(403).send(message('Request rejected', 'Another site sent this form.'))
  else next()
}

function hashPassword(password) {
  const salt = randomBytes(16)
  return { salt, hash: scryptSync(password, salt, 32) }
}
