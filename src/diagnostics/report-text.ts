import type { Reporter } from './reporter'

/** Reports a string as the value of a boolean option, for example from an environment variable: 'false' counts as true. */
export function reportText(reporter: Reporter | undefined, option: string, value: unknown): void {
  if (!value || typeof value !== 'string') return
  reporter?.report(
    'SESSIONWARE_BOOLEAN',
    `${option} option is a string, which counts as true, even "false": use true or false`,
    { option, value },
  )
}
