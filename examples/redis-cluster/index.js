const cluster = require('node:cluster')
const { randomBytes } = require('node:crypto')

const PROCESSES = 2

if (cluster.isPrimary) startProcesses()
else require('./server')

// The processes share one port, one Redis server and one secret, but no memory.
function startProcesses() {
  const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env
  const fork = () => cluster.fork({ SESSION_SECRET })
  const started = new Set()

  cluster.on('listening', (worker, { address, port }) => {
    started.add(worker)
    console.log(`Process ${worker.process.pid} listens on http://${address}:${port}`)
  })
  cluster.on('exit', (worker, code, signal) => {
    console.log(`Process ${worker.process.pid} ended (${signal ?? code})`)
    // A process that ends before it listens is not restarted, because it would end again.
    if (started.delete(worker)) fork()
    else process.exitCode = 1
  })
  for (let count = 0; count < PROCESSES; count++) fork()
}
