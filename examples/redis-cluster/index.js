const cluster = require('node:cluster')
const { randomBytes } = require('node:crypto')

const PROCESSES = 2

if (cluster.isPrimary) startProcesses()
else require('./server')

// They share one port, one Redis and one secret, and no memory.
function startProcesses() {
  const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env
  const fork = () => cluster.fork({ SESSION_SECRET })
  const started = new Set()

  cluster.on('listening', (worker, { address, port }) => {
    started.add(worker)
    console.log(`Process ${worker.process.pid} answers at http://${address}:${port}`)
  })
  cluster.on('exit', (worker, code, signal) => {
    console.log(`Process ${worker.process.pid} died (${signal ?? code})`)
    // One that cannot even start would go on dying.
    if (started.delete(worker)) fork()
    else process.exitCode = 1
  })
  for (let count = 0; count < PROCESSES; count++) fork()
}
