import Head from 'next/head'

/** Runs on the server: `req.session` is the session of the request. */
export async function getServerSideProps({ req }) {
  req.session.views = (req.session.views ?? 0) + 1
  const { views, user = null } = req.session
  return { props: { views, user } }
}

export default function Home({ views, user }) {
  return (
    <main>
      <Head>
        <title>Next.js</title>
      </Head>
      <h1>Hello{user && `, ${user}`}</h1>
      <p>
        Your visits to this page: <output>{views}</output>
      </p>
      {user ? (
        <form method="post" action="/api/logout">
          <button type="submit">Log out</button>
        </form>
      ) : (
        <form method="post" action="/api/login">
          <label>
            Your name <input name="user" required />
          </label>
          <button type="submit">Log in</button>
        </form>
      )}
    </main>
  )
}
