export default async function login(req, res) {
  if (req.method !== 'POST') return res.status(405).end()
  // A new id, and the number of views goes along.
  await req.session.regenerate({ keep: true })
  req.session.user = String(req.body.user)
  // The redirect is sent when the session is saved.
  res.redirect(303, '/')
}
