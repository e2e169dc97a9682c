// Tables as CSV (RFC 4180).

/** Text that a spreadsheet would run as a formula gets an apostrophe in front: a sentence in a table may quote a file. */
const noFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

function quoted(value: string | number | undefined): string {
  if (typeof value !== 'string') return String(value ?? '')
  const text = noFormula(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Lines of cells; numbers are bare. */
export function csv(lines: readonly (readonly (string | number | undefined)[])[]): string {
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}
