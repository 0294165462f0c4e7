/** An app with a login, whose session counts notes. */
module.exports = function createApp(express, session, { secret, store }) {
  const app = express()
  app.use(session({ secret, store, resave: false, saveUninitialized: false }))

  app.get('/', (req, res) => {
    const { user = 'stranger', notes = 0 } = req.session
    res.send(`Hello ${user}, ${notes} notes`)
  })
  app.post('/notes', (req, res) => {
    addNote(req)
    res.send('ok')
  })
  app.get('/stream', (req, res) => {
    addNote(req)
    res.write('one ')
    setImmediate(() => {
      res.write('two ')
      res.end('three')
    })
  })
  app.post('/login', async (req, res) => {
    await req.session.regenerate()
    req.session.user = 'ada'
    res.redirect('/')
  })
  app.post('/logout', async (req, res) => {
    await req.session.destroy()
    res.redirect('/')
  })
  app.use((error, _req, res, _next) => {
    res.status(500).send(error.message)
  })
  return app
}

function addNote({ session }) {
  session.notes = (session.notes ?? 0) + 1
}
