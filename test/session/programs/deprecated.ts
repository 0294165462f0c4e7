import cookieParser from 'cookie-parser'
import { type Layer, serve } from '../../support/app'
import { signedCookie } from '../../support/cookies'
import { countViews } from '../../support/handlers'
import { ours, upstream } from '../../support/implementations'
import { SECRET, SETTINGS } from '../../support/settings'

const session = process.argv[2] === 'upstream' ? upstream : ours

const withoutHeader: Layer = (req, _res, next) => {
  delete req.headers.cookie
  next()
}

/** Uses each deprecated feature twice. */
async function main() {
  for (let i = 0; i < 2; i++) {
    session()
    const cookie = { maxAge: new Date(Date.now() + 1000) as never }
    const app = serve(
      cookieParser(SECRET) as never,
      withoutHeader,
      session({ ...SETTINGS, cookie }),
      countViews,
    )
    await app.get('/', signedCookie('a'))
  }
}

main()
