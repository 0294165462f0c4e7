import type { WebSocket } from 'ws'

interface Message {
  id?: number
  method?: string
  error?: { message: string }
  result?: unknown
}

export interface CdpConnection {
  send(method: string, params?: object): Promise<unknown>
  /** Runs the work and resolves when the page that it opens has loaded. */
  loads(work: () => Promise<unknown>): Promise<void>
  /** Resolves to the value of an expression in the page, or of its promise. */
  evaluate(expression: string): Promise<unknown>
}

/** A client for the part of Chrome's DevTools protocol that a form and a redirect need. */
export function connectCdp(socket: WebSocket): CdpConnection {
  let last = 0
  const answers = new Map<number, (message: Message) => void>()
  const onLoad: (() => void)[] = []

  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message
    if (message.method === 'Page.loadEventFired') for (const note of onLoad.splice(0)) note()
    if (message.id !== undefined) answers.get(message.id)?.(message)
  })

  const send = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++last
      answers.set(id, ({ error, result }) => (error ? reject(new Error(error.message)) : resolve(result)))
      socket.send(JSON.stringify({ id, method, params }))
    })

  return {
    send,
    async loads(work) {
      const loaded = new Promise<void>((resolve) => onLoad.push(resolve))
      await work()
      await loaded
    },
    async evaluate(expression) {
      const { result } = (await send('Runtime.evaluate', { expression, awaitPromise: true })) as {
        result: { value?: unknown }
      }
      return result.value
    },
  }
}
