const { spawn } = require('node:child_process')
const { createInterface } = require('node:readline')

/** Runs `npm start` as a newcomer does, and visits the address that it prints. */
async function main() {
  const start = spawn('npm', ['start'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  try {
    const address = await readAddress(start.stdout)
    const response = await fetch(address)
    const page = await response.text()
    if (!response.ok || !page.includes('<form'))
      throw new Error(`${address} gave ${response.status}: ${page}`)
    console.log(`${address} shows the form`)
  } finally {
    // npm does not hand a signal on to what it runs, so the whole group gets it
    process.kill(-start.pid)
  }
}

async function readAddress(output) {
  for await (const line of createInterface(output)) {
    const [address] = /http:\S+/.exec(line) ?? []
    if (address) return address
  }
  throw new Error('npm start ended without printing its address')
}

main()
