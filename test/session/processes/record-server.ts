import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** A call of a store in another process. `loaded` is the text of the record that `compareAndSet` was given. */
export interface StoreCall {
  number: number
  method: 'get' | 'set' | 'destroy' | 'compareAndSet'
  sid: string
  text?: string | undefined
  loaded?: string | undefined
}

/** Its answer: an outcome of `compareAndSet`, or the text of a record. */
export interface StoreAnswer {
  number: number
  outcome?: boolean | undefined
  text?: string | undefined
}

/** Keeps the records of stores in several processes, as the server of a database does: each call is done in one step. */
export async function startRecordServer() {
  const texts = new Map<string, string>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay())
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    createInterface(socket).on('line', (line) => {
      const call: StoreCall = JSON.parse(line)
      const answer: StoreAnswer = { number: call.number, ...doCall(texts, call) }
      socket.write(`${JSON.stringify(answer)}\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the server has no port')
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { texts, close, env: { RECORD_SERVER_PORT: String(address.port) } }
}

function doCall(texts: Map<string, string>, { method, sid, text = '', loaded }: StoreCall) {
  const current = texts.get(sid)
  if (method === 'set') texts.set(sid, text)
  if (method === 'destroy') texts.delete(sid)
  if (method === 'get') return { text: current }
  if (method !== 'compareAndSet') return {}
  if (current !== loaded) return current === undefined ? { outcome: false } : { text: current }
  texts.set(sid, text)
  return { outcome: true }
}
