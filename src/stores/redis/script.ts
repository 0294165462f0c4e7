import { createHash } from 'node:crypto'
import type { Commands } from './commands'

/** A script that changes one key. The server keeps it, so that only its digest is sent. */
export class Script {
  private readonly digest: string

  constructor(private readonly source: string) {
    this.digest = sha1(source)
  }

  /** Runs the script, and resolves to its reply. A server that does not know it, after a restart, is sent the source. */
  run(commands: Commands, key: string, ...args: string[]): Promise<unknown> {
    return commands.send(key, ['EVALSHA', this.digest, '1', key, ...args]).catch((err: unknown) => {
      if (!isUnknownScript(err)) throw err
      return commands.send(key, ['EVAL', this.source, '1', key, ...args])
    })
  }
}

/** Returns the SHA-1 of a text in lower-case hexadecimal digits, as `redis.sha1hex` does. */
export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

function isUnknownScript(err: unknown): boolean {
  return String((err as { message?: unknown } | undefined)?.message).startsWith('NOSCRIPT')
}
