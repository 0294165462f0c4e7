import type { StoreKind } from './contract'
import type { Scenario } from './scenarios'

export type Mark = 'pass' | 'FAIL' | 'n.a.' | 'known fault' | 'NO SERVER'

/** The result of each store in each scenario, with one mark for each way. */
export class Table {
  readonly #marks = new Map<string, Mark[]>()
  readonly #notes = new Set<string>()

  mark(kind: StoreKind, scenario: Scenario, mark: Mark): void {
    const key = `${kind.name}|${scenario.column}`
    this.#marks.set(key, [...(this.#marks.get(key) ?? []), mark])
  }

  note(text: string): void {
    this.#notes.add(text)
  }

  print(kinds: StoreKind[], scenarios: Scenario[]): string {
    const head = ['store', ...scenarios.map((scenario) => scenario.column)]
    const lines = kinds.map((kind) => [
      kind.name,
      ...scenarios.map((scenario) => this.#cell(`${kind.name}|${scenario.column}`)),
    ])
    return [...layOut([head, ...lines]), '', ...this.#notes].join('\n')
  }

  /** Returns the marks of both ways, or one if they are the same. */
  #cell(key: string): string {
    return [...new Set(this.#marks.get(key) ?? ['not run'])].join('/')
  }
}

function layOut(rows: string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
