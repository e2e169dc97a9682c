// A Python with the libraries that made the goldens, for tests against the libraries themselves.
import { spawnSync } from 'node:child_process'

const needed = ['torch', 'transformers', 'peft', 'safetensors']
// The names are looked up and nothing is imported: importing torch takes seconds, and minutes on a busy machine.
const missing = 'import sys; from importlib.util import find_spec; print(*[name for name in sys.argv[1:] if find_spec(name) is None])'

/**
 * A Python that has PEFT and the modules named by `more` (TABTUNE_PYTHON, else python3), or undefined with the reason printed. Throws where that
 * Python does not answer in `timeout` milliseconds or ends with an error, since neither says what it has.
 */
export function pythonWithPeft(more: readonly string[] = [], timeout = 120_000): string | undefined {
  const python = process.env.TABTUNE_PYTHON ?? 'python3'
  const { error, status, stdout, stderr } = spawnSync(python, ['-c', missing, ...needed, ...more], { encoding: 'utf8', timeout })
  const skipped = (reason: string) =>
    console.warn(`skipped: ${reason}; name a Python that has ${[...needed, ...more].join(', ')} with TABTUNE_PYTHON`)
  if (error && 'code' in error && error.code === 'ENOENT') return void skipped(`there is no ${python}`)
  if (error && 'code' in error && error.code === 'ETIMEDOUT')
    throw new Error(
      `${python}: expected the list of its missing modules in ${timeout / 1000} s, got no answer. Run the test again on a quieter machine.`,
    )
  if (error || status !== 0)
    throw new Error(`${python}: expected the list of its missing modules, got ${error?.message ?? stderr}. Mend this Python.`)
  const absent = stdout.trim()
  return absent ? void skipped(`${python} has no ${absent.replaceAll(' ', ', ')}`) : python
}
