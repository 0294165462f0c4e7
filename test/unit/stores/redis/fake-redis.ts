import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'

/** A Redis with only the commands of a store without an index of users, behind a client with one method. */
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
    if (name === 'EVALSHA') return this.replace(args)
    if (name !== 'SET') throw new Error(`ERR unknown command '${name}'`)
    if (args.includes('NX') && this.texts.has(key)) return null
    this.texts.set(key, text)
    return 'OK'
  }

  /** Does what the script does that changes a record. */
  private replace([, , , key = '', digest, text = '']: string[]): unknown {
    const now = this.texts.get(key)
    if (now === undefined) return null
    if (createHash('sha1').update(now).digest('hex') !== digest) return now
    this.texts.set(key, text)
    return 1
  }

  /** The names of the commands since the last call. */
  takeNames(): string[] {
    return this.calls.splice(0).map(([name = '']) => name)
  }
}
