const { execFileSync, spawn } = require('node:child_process')
const { once } = require('node:events')
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { connect, createServer } = require('node:net')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { setTimeout: wait } = require('node:timers/promises')

/** Starts nginx with a certificate and a folder of its own, and resolves when it listens. Both end with this process. */
exports.startNginx = async ({ port, app, program = 'nginx' }) => {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-example-'))
  createCertificate(folder)
  const config = readFileSync(join(__dirname, 'nginx.conf'), 'utf8')
    .replaceAll('{{HTTPS_PORT}}', port)
    .replaceAll('{{APP}}', app)
    .replaceAll('{{FOLDER}}', folder)
  writeFileSync(join(folder, 'nginx.conf'), config)
  const nginx = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  nginx.on('error', (error) => {
    console.error(`nginx does not start: ${error.message}. On Debian: apt-get install nginx`)
    process.exit(1)
  })
  nginx.on('exit', (code) => process.exit(code ?? 0))
  process.on('exit', () => {
    nginx.kill()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
  while (!(await listens(port))) await wait(50)
}

exports.freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

function createCertificate(folder) {
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    join(folder, 'key.pem'),
  ]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync(
    'openssl',
    ['req', '-x509', '-days', '2', ...key, ...subject, '-out', join(folder, 'cert.pem')],
    {
      stdio: 'ignore',
    },
  )
}

async function listens(port) {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
