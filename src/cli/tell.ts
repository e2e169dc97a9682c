// What a command says on stderr.

const told = new Set<string>()

/** Prints each sentence only once, since a comparison reads the same rows again for each base precision. */
export function tell(lines: readonly string[]): void {
  for (const line of lines) if (!told.has(line)) process.stderr.write(`${line}\n`)
  for (const line of lines) told.add(line)
}
