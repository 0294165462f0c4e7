let count = 0

/** A prefix, table or schema that no other run uses. */
export function uniqueName(): string {
  count++
  return `sw_${process.pid}_${Date.now().toString(36)}_${count}`
}
