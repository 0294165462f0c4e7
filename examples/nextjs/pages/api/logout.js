export default async function logout(req, res) {
  if (req.method !== 'POST') return res.status(405).end()
  await req.session.destroy()
  res.redirect(303, '/')
}
