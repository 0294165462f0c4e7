import { type Layer, serve } from '../../support/app'
import { cookieOf, sidOf, signedCookie } from '../../support/cookies'
import { countViews } from '../../support/handlers'
import { ours, upstream } from '../../support/implementations'
import { SETTINGS } from '../../support/settings'

const session = process.argv[2] === 'upstream' ? upstream : ours

const routes: Layer = (req, res) => {
  if (req.url === '/login') return req.session.regenerate(() => countViews(req, res, () => {}))
  if (req.url === '/reload') return req.session.reload(() => res.end())
  if (req.url === '/logout') return req.session.destroy(() => res.end())
  req.session.views = (req.session.views ?? 0) + 1
  return req.session.save(() => res.end())
}

/** Causes each message of the debug log, then prints the ids and cookies that the log must not contain. */
async function main() {
  const app = serve(session({ ...SETTINGS, rolling: true }), routes)
  const first = await app.get()
  const cookie = cookieOf(first)
  await app.get('/', cookie)
  await app.get('/reload', cookie)
  await app.get('/', 'connect.sid=unsigned')
  await app.get('/', signedCookie('forged', 'other secret'))
  const login = await app.get('/login', cookie)
  await app.get('/logout', cookieOf(login))
  console.log(JSON.stringify([sidOf(first), cookie, sidOf(login), cookieOf(login), 'forged']))
}

main()
