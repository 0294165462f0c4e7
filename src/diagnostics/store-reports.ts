import type { DiagnosticCode } from './codes'
import type { Diagnostic, Reporter } from './reporter'

/**
 * Reports a diagnostic about a store to each `session()` that uses the store, since the store does not know the option
 * `diagnostics`. A diagnostic from before the first `session()`, from the store's constructor for example, waits for it.
 */
export function reportOn(
  store: object,
  code: DiagnosticCode,
  message: string,
  detail: Diagnostic['detail'] = {},
): void {
  const { reporters, pending, outer } = lineOf(store)
  if (outer) return reportOn(outer, code, message, detail)
  if (reporters) for (const reporter of reporters) reporter.report(code, message, detail)
  else pending.push({ code, message, detail })
}

/** Called when a `session()` begins to use a store. `reporter` is undefined if its diagnostics are off. */
export function addReporter(store: object, reporter: Reporter | undefined): void {
  const line = lineOf(store)
  line.reporters ??= new Set()
  if (reporter) line.reporters.add(reporter)
  reportPending(line)
}

/** Called by a store around a store: what is reported about the inner one goes to each `session()` that uses the outer one. */
export function passReports(inner: object, outer: object): void {
  const line = lineOf(inner)
  line.outer = outer
  lineOf(outer).pending.push(...line.pending.splice(0))
}

interface Line {
  /** Undefined until a `session()` uses the store. */
  reporters: Set<Reporter> | undefined
  pending: Diagnostic[]
  outer: object | undefined
}

const lines = new WeakMap<object, Line>()

function lineOf(store: object): Line {
  let line = lines.get(store)
  if (!line) {
    line = { reporters: undefined, pending: [], outer: undefined }
    lines.set(store, line)
  }
  return line
}

function reportPending({ reporters, pending }: Line): void {
  const found = pending.splice(0)
  for (const reporter of reporters ?? []) {
    for (const { code, message, detail } of found) reporter.report(code, message, detail)
  }
}
