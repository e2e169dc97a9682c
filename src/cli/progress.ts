// A progress bar on stderr, only where a person looks at it.

const width = 30

/** Draws `label` with a bar; erased when the fraction reaches 1. */
export function progressBar(label: string): (fraction: number, detail?: string) => void {
  if (!process.stderr.isTTY) return () => undefined
  let last = 0
  return (fraction, detail = '') => {
    const now = performance.now()
    if (fraction < 1 && now - last < 100) return
    last = now
    const filled = Math.round(Math.min(1, fraction) * width)
    process.stderr.write(
      fraction >= 1
        ? '\r\x1b[K'
        : `\r\x1b[K${label} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${Math.floor(fraction * 100)} % ${detail}`,
    )
  }
}
