// Names for downloads.

/** A name that every system takes as a file: letters, digits, dot, underscore and hyphen, at most 64. */
export function safeName(name: string): string {
  const clean = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 64)
  return clean || 'adapter'
}
