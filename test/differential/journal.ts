/** Records the events of one run as lines of text. Ids get names in their order of appearance, so that runs compare. */
export class Journal {
  readonly lines: string[] = []
  readonly #known: string[]
  readonly #names = new Map<string, string>()

  /** Known ids are written as they are. */
  constructor(known: string[]) {
    this.#known = known
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

  name(sid: string): string {
    if (this.#known.includes(sid)) return sid
    const name = this.#names.get(sid) ?? `id${this.#names.size + 1}`
    this.#names.set(sid, name)
    return name
  }

  #show(value: string | { sid: string }): string {
    if (typeof value === 'string') return value
    return typeof value.sid === 'string' ? this.name(value.sid) : String(value.sid)
  }
}

export function describeError(error: unknown): string {
  if (error === undefined || error === null) return 'no error'
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error)
}
