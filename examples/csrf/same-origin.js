const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/**
 * Returns a middleware that rejects requests which a page of another origin has sent: 403.
 * `trusted` lists other origins that may send requests, for example `['https://admin.example.com']`.
 */
module.exports = function sameOrigin({ trusted = [] } = {}) {
  return (req, res, next) => {
    if (SAFE_METHODS.includes(req.method) || isAllowed(req, trusted)) return next()
    res.status(403).send('Another site has sent this request.')
  }
}

function isAllowed(req, trusted) {
  const { origin, 'sec-fetch-site': site } = req.headers
  if (trusted.includes(origin)) return true
  // All current browsers send it, over HTTPS and on localhost. 'none': the user typed the address, or opened a bookmark.
  // 'same-site' is another host of the same domain, which SameSite cookies do not stop.
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  // Older browsers send Origin with each POST. 'null' is the origin of a sandboxed frame.
  if (origin !== undefined) return URL.canParse(origin) && new URL(origin).host === req.headers.host
  // Neither: not a browser. A program that has the cookie of a user needs no forged request.
  return true
}
