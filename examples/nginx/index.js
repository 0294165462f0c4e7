const { createApp } = require('./app')
const { freePort, startNginx } = require('./start-nginx')

const { HTTPS_PORT = 8443, TRUST_PROXY = 'loopback' } = process.env

async function main() {
  // Only nginx reaches the application: it listens on loopback.
  const app = createApp({ trustProxy: TRUST_PROXY })
  const server = app.listen(0, '127.0.0.1', async (error) => {
    if (error) throw error
    const port = Number(HTTPS_PORT) || (await freePort())
    await startNginx({ port, app: `127.0.0.1:${server.address().port}` })
    console.log(
      `Open https://localhost:${port} (the browser warns of the certificate, which no authority has signed)`,
    )
  })
}

main()
