import { createApp, createCookies } from './app'
import { drive } from './drive'
import { loadLibrary } from './libraries'
import { scenarios } from './scenarios'

const sc = scenarios.find((s) => s.name === process.argv[2])!
const app = createApp(loadLibrary((process.argv[3] ?? 'ours') as never), sc)
const cookies = createCookies(sc)
;(async () => {
  const t = process.cpuUsage()
  const n = Number(process.argv[4] ?? 400000)
  for (let i = 0; i < 10; i++) await drive(app.listener, { cookies, requests: n / 10, connections: 32 })
  const u = process.cpuUsage(t)
  console.log((u.user + u.system) / n, 'us/req')
})()
