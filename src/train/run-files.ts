// The results of a run: its summary, and a folder with the adapter's files, the metrics and a README.
import { TabTuneError } from '../config/errors'
import { say } from '../config/phrase'
import type { RunSummary } from '../config/run-reports'
import { weightsBytes, writeAdapter } from '../export/adapter'
import { modelCard } from '../export/model-card'
import { adapterOfType } from '../formats/adapter-type'
import type { FloatType, FolderFile } from '../peft/model-folder'
import { type Conducted, summarise } from './conduct'
import type { RunRequest } from './run-request'

const textFile = (path: string, text: string): FolderFile => ({ path, bytes: new TextEncoder().encode(text) })

/** A failed run has files too, but no run.json and no README.md. */
type RunFiles = { files: FolderFile[] } & ({ summary: RunSummary; failure?: undefined } | { summary?: undefined; failure: TabTuneError })

/** All files of a run, with the adapter's values as `type`, and its summary or the reason why it failed. */
export async function runFiles(runId: string, request: RunRequest, done: Conducted, type: FloatType = 'f32'): Promise<RunFiles> {
  const plain = await adapterOfType(await writeAdapter(done.adapter, request.model.base), type)
  const rows = [...done.steps, ...done.evals].sort((a, b) => a.step - b.step)
  const metrics = textFile('metrics.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const { status, failure } = done.outcome
  if (status === 'failed')
    return {
      files: [...plain, metrics],
      failure: failure ?? new TabTuneError('Error', say`Training failed for an unknown reason. Start the run again.`),
    }
  const summary = summarise(runId, status, request, done, weightsBytes(done.adapter, plain))
  const { tokenizer, file } = request.model
  const card = textFile('README.md', modelCard(summary, request.method, plain, tokenizer?.ends ?? [], file.licence))
  return { files: [...plain, card, textFile('run.json', `${JSON.stringify(summary, null, 2)}\n`), metrics], summary }
}
