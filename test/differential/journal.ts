/** Records the events of one run as lines of text. Ids get names, so that runs compare. */
export class Journal {
  readonly lines: string[] = []
  readonly name: (sid: string) => string

  constructor(name: (sid: string) => string) {
    this.name = name
  }

  /** Writes a line; an id is inserted as `${{ sid }}`. */
  write(text: TemplateStringsArray, ...values: Array<string | { sid: string }>): void {
    this.lines.push(String.raw({ raw: text }, ...values.map((value) => this.#show(value))))
  }

  /** Runs a function that must not throw, and writes a line if it throws. */
  guard(what: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.write`thrown in ${what}: ${describeError(error)}`
    }
  }

  #show(value: string | { sid: string }): string {
    if (typeof value === 'string') return value
    return typeof value.sid === 'string' ? this.name(value.sid) : String(value.sid)
  }
}

/** Names ids in their order of appearance. Known ids are written as they are. */
export function nameInOrder(known: string[]): (sid: string) => string {
  const names = new Map<string, string>()
  return (sid) => {
    if (known.includes(sid)) return sid
    const name = names.get(sid) ?? `id${names.size + 1}`
    names.set(sid, name)
    return name
  }
}

export function describeError(error: unknown): string {
  if (error === undefined || error === null) return 'no error'
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error)
}
