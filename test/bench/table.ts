type Row = Record<string, string | number>

/** Returns a Markdown table, aligned for a terminal; the keys of the first row are the columns. */
export function table(rows: Row[]) {
  const columns = Object.keys(rows[0] ?? {})
  const cells = [columns, ...rows.map((row) => columns.map((column) => format(row[column])))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)))
  const lines = cells.map((line) => join(line.map((cell, i) => pad(cell, widths[i] ?? 0, i))))
  const rule = join(widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

function format(value: string | number | undefined) {
  if (typeof value !== 'number') return value ?? ''
  if (!Number.isFinite(value)) return '-'
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}

function pad(cell: string, width: number, column: number) {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

function join(cells: string[]) {
  return `| ${cells.join(' | ')} |`
}
