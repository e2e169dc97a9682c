// A Python with the libraries that made the goldens, for tests against the libraries themselves.
import { execFileSync } from 'node:child_process'

/** A Python that has PEFT (TABTUNE_PYTHON, else python3), or undefined with the reason printed. */
export function pythonWithPeft(): string | undefined {
  const python = process.env.TABTUNE_PYTHON ?? 'python3'
  try {
    execFileSync(python, ['-c', 'import torch, transformers, peft, safetensors'], { stdio: 'pipe', timeout: 120_000 })
    return python
  } catch {
    console.warn(`skipped: ${python} has no torch, transformers and peft; name one that has with TABTUNE_PYTHON`)
    return undefined
  }
}
