import { channel } from 'node:diagnostics_channel'
import { type DiagnosticCode, isAdvice } from './codes'
import { show } from './show'

/** One report of the option `diagnostics`. It has neither session ids nor secrets. */
export interface Diagnostic {
  /** Stable, like 'SESSIONWARE_COOKIE_NOT_SENT'. docs/diagnostics.md lists all of them. */
  readonly code: DiagnosticCode
  /** What has happened, the values that were seen, and the remedy. */
  readonly message: string
  /** The values that were seen, by name. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** The values of the option `diagnostics`. */
export type DiagnosticsOption = boolean | ((diagnostic: Diagnostic) => void)

/**
 * Reports each code once: with `true` and by default once per process, as a process warning; with a function once per
 * `session()`. Each report is also published to the channel 'sessionware:diagnostic'.
 */
export class Reporter {
  /** Without `send`, the diagnostics are only published. `reported` has the codes that were reported before. */
  constructor(
    private readonly send: ((diagnostic: Diagnostic) => void) | undefined,
    private readonly advises: boolean,
    private readonly reported = new Set<DiagnosticCode>(),
  ) {}

  /** Whether there is a receiver, so that it is worth looking for mistakes. */
  get isOn(): boolean {
    return this.send !== undefined || published.hasSubscribers
  }

  /** Returns whether a diagnostic with this code would be reported. */
  wants(code: DiagnosticCode): boolean {
    return this.isOn && !this.reported.has(code) && (this.advises || !isAdvice(code))
  }

  report(code: DiagnosticCode, message: string, detail: Diagnostic['detail'] = {}): void {
    if (!this.wants(code)) return
    this.reported.add(code)
    this.send?.({ code, message, detail })
    published.publish({ code, message, detail } satisfies Diagnostic)
  }
}

const published = channel('sessionware:diagnostic')

/** Returns the reporter for the value of the option. Undefined if it is false. Throws a TypeError for a wrong value. */
export function reporterOf(option: unknown): Reporter | undefined {
  if (option === false) return undefined
  if (option === true) return advising
  if (option === undefined) return isQuiet() ? silent : warning
  if (typeof option === 'function')
    return new Reporter(guard(option as (diagnostic: Diagnostic) => void), true)
  throw new TypeError(
    `diagnostics option must be true, false or a function ({ code, message, detail }) => void, not ${show(option)}`,
  )
}

/** By default nothing is reported in production and in tests. */
function isQuiet(): boolean {
  return process.env.NODE_ENV === 'production' || process.env.NODE_ENV === 'test'
}

function emit({ code, message }: Diagnostic): void {
  process.emitWarning(message, { code })
}

/** The codes that were reported in this process. */
const reported = new Set<DiagnosticCode>()
const advising = new Reporter(emit, true, reported)
const warning = new Reporter(emit, false, reported)
const silent = new Reporter(undefined, false)

/** An error of the application's function must not break the request. */
function guard(report: (diagnostic: Diagnostic) => unknown): (diagnostic: Diagnostic) => void {
  return (diagnostic) => {
    // A promise function catches both kinds of errors; what is before its first `await` runs at once.
    const call = async () => void (await report(diagnostic))
    call().catch((err) => process.emitWarning(`the diagnostics function has failed: ${show(err)}`))
  }
}
