// The answers to a few held-out prompts at each evaluation of a run, in samples.jsonl in the run's folder.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../config/errors'
import { sentence } from '../config/phrase'
import type { SampledAnswers } from '../config/run-reports'

/** Infinity for half a line, which a program that was ended in the middle leaves. */
function stepOf(line: string): number {
  try {
    return (JSON.parse(line) as { step: number }).step
  } catch {
    return Infinity
  }
}

export function samplesFile(out: string) {
  const path = join(out, 'samples.jsonl')
  let writing: Promise<void> = Promise.resolve()

  async function add({ step, rows }: SampledAnswers): Promise<void> {
    const before = (await readFile(path, 'utf8').catch(() => '')).split('\n').filter(Boolean)
    // A run that is resumed answers again what it answered after its snapshot.
    const earlier = before.filter((line) => stepOf(line) < step)
    const lines = [...earlier, ...rows.map((row) => JSON.stringify({ step, ...row }))]
    await mkdir(out, { recursive: true })
    await writeFile(path, lines.map((line) => `${line}\n`).join(''))
  }

  return {
    /** A new run begins: the samples of another run in the folder are gone. */
    clear: (): Promise<void> => rm(path, { force: true }),
    note(samples: SampledAnswers): void {
      const tell = (words: string): void => void process.stderr.write(`samples: ${words}\n`)
      if (samples.problem) tell(sentence(samples.problem))
      writing = writing.then(() => add(samples)).catch((error: unknown) => tell(messageOf(error)))
    },
    /** Resolves when everything is written. */
    written: (): Promise<void> => writing,
  }
}
