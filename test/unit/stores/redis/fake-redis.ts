import { EventEmitter } from 'node:events'

/** A Redis with only the commands that a store sends without a script, behind a client with one method. */
export class FakeRedis extends EventEmitter {
  readonly calls: string[][] = []
  readonly texts = new Map<string, string>()
  /** Rejects the next commands. */
  failure: Error | undefined

  async command(...args: string[]): Promise<unknown> {
    this.calls.push(args)
    if (this.failure) throw this.failure
    const [name, key = '', text = ''] = args
    if (name === 'GET') return this.texts.get(key) ?? null
    if (name === 'DEL') return Number(this.texts.delete(key))
    if (name === 'PEXPIRE') return Number(this.texts.has(key))
    if (name !== 'SET') throw new Error(`ERR unknown command '${name}'`)
    if (args.includes('NX') && this.texts.has(key)) return null
    this.texts.set(key, text)
    return 'OK'
  }

  /** The names of the commands since the last call. */
  takeNames(): string[] {
    return this.calls.splice(0).map(([name = '']) => name)
  }
}
