import { channel } from 'node:diagnostics_channel'
import { type DiagnosticCode, isAdvice } from './codes'
import { show } from './show'

/** What the option `diagnostics` tells. It has neither session ids nor secrets. */
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
 * Tells each code once: with `true` and by default once per process, as a process warning; with a function once per
 * `session()`. What it tells is also published to the channel 'sessionware:diagnostic'.
 */
export class Reporter {
  /** Without `tell`, the diagnostics are only published. `told` has the codes that were told before. */
  constructor(
    private readonly tell: ((diagnostic: Diagnostic) => void) | undefined,
    private readonly advises: boolean,
    private readonly told = new Set<DiagnosticCode>(),
  ) {}

  /** There is a receiver, so it is worth looking for mistakes. */
  get isOn(): boolean {
    return this.tell !== undefined || published.hasSubscribers
  }

  /** Whether a diagnostic with this code would be told. */
  wants(code: DiagnosticCode): boolean {
    return this.isOn && !this.told.has(code) && (this.advises || !isAdvice(code))
  }

  report(code: DiagnosticCode, message: string, detail: Diagnostic['detail'] = {}): void {
    if (!this.wants(code)) return
    this.told.add(code)
    this.tell?.({ code, message, detail })
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

/** By default nothing is told in production and in tests. */
function isQuiet(): boolean {
  return process.env.NODE_ENV === 'production' || process.env.NODE_ENV === 'test'
}

function emit({ code, message }: Diagnostic): void {
  process.emitWarning(message, { code })
}

/** What was told in this process. */
const told = new Set<DiagnosticCode>()
const advising = new Reporter(emit, true, told)
const warning = new Reporter(emit, false, told)
const silent = new Reporter(undefined, false)

/** An error of the application's function must not break the request that it is told of. */
function guard(tell: (diagnostic: Diagnostic) => unknown): (diagnostic: Diagnostic) => void {
  return (diagnostic) => {
    // A promise function catches both kinds of errors; what is before its first `await` runs at once.
    const call = async () => void (await tell(diagnostic))
    call().catch((err) => process.emitWarning(`the diagnostics function has failed: ${show(err)}`))
  }
}
