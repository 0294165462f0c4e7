import { type Layer, serve } from '../../support/app'
import { cookieOf, signedCookie } from '../../support/cookies'
import { countViews } from '../../support/handlers'
import { ours } from '../../support/implementations'

/**
 * Makes mistakes, twice each, as an application that knows nothing of diagnostics, and prints the ids and cookies that no
 * warning and no line of the debug log may contain. The first argument is the option as JSON.
 */
async function main() {
  const diagnostics = JSON.parse(process.argv[2] ?? 'null') ?? undefined
  const options = {
    secret: 'the secret of this program',
    resave: false,
    saveUninitialized: false,
    diagnostics,
  }
  const secrets: string[] = [options.secret]
  for (let i = 0; i < 2; i++) {
    const plain = serve(
      ours({ ...options, maxAge: 60_000, cookie: { maxAge: 3600 } } as never) as unknown as Layer,
      countViews,
    )
    const cookie = cookieOf(await plain.get())
    await plain.get('/', cookie)
    secrets.push(cookie, decodeURIComponent(cookie.split('=')[1] ?? '').slice(2, 34))
    const secure = serve(ours({ ...options, cookie: { secure: true } }) as unknown as Layer, countViews)
    const forged = signedCookie('an-id-of-someone', options.secret)
    await secure.get('/', forged)
    secrets.push('an-id-of-someone', forged)
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  console.log(JSON.stringify(secrets))
}

main()
