// The files that a run leaves: its adapter's, the measurements, a summary and a README.
import type { RunSummary } from '../config/run-reports'
import { weightsBytes, writeAdapter } from '../export/adapter'
import { type Conducted, type RunRequest, summarise } from './conduct'
import { modelCard } from '../export/model-card'
import type { FolderFile } from '../peft/model-folder'

const textFile = (path: string, text: string): FolderFile => ({ path, bytes: new TextEncoder().encode(text) })

/** All files of a run; a failed one has no summary, so no run.json and README.md. */
export async function runFiles(
  runId: string,
  request: RunRequest,
  done: Conducted,
): Promise<{ files: FolderFile[]; summary: RunSummary | undefined }> {
  const plain = await writeAdapter(done.adapter, request.model.base)
  const rows = [...done.steps, ...done.evals].sort((a, b) => a.step - b.step)
  const metrics = textFile('metrics.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  if (done.outcome.status === 'failed') return { files: [...plain, metrics], summary: undefined }
  const summary = summarise(runId, request, done, weightsBytes(done.adapter, plain))
  const card = textFile('README.md', modelCard(summary, request.method))
  return { files: [...plain, card, textFile('run.json', `${JSON.stringify(summary, null, 2)}\n`), metrics], summary }
}
