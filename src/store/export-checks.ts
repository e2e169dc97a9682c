// Whether what is open is what a run was trained with. An export with another base or other rows would be another run.
import { type Identity, likeness } from '../config/identity'
import { type Phrase, say } from '../config/phrase'
import { fileFingerprint } from '../storage/kept-copy'
import type { PickedFile } from '../worker/api'
import type { DataOfRun, Run } from './run'

const short = (fingerprint: string): string => fingerprint.slice(0, 16)

/** Why the loaded model is not the base of the run, byte for byte. */
export function otherBase({ model }: Pick<Run, 'model'>, report: Partial<Identity> & { name: string }): Phrase | undefined {
  if (likeness(model, report) === 'same') return undefined
  const { fingerprint: was, name } = model
  const { fingerprint: is } = report
  if (!was || !is)
    return say`export: expected a run that keeps the fingerprint of its model ${name}, got one without. Train it again, or export it with tabtune export-run.`
  return say`export: expected the model ${name} (fingerprint ${short(was)}) that the run was trained on, got ${report.name} (fingerprint ${short(is)}). Open ${name}.`
}

async function otherFile(
  { name, fingerprint }: { name: string; fingerprint?: string },
  { path, file }: PickedFile,
): Promise<Phrase | undefined> {
  if (fingerprint === undefined)
    return say`export: expected a run that keeps the fingerprint of ${name}, got one without, so this file may be another one. Train it again, or export it with tabtune export-run.`
  const now = await fileFingerprint(path, file)
  if (now === fingerprint) return undefined
  return say`export: expected the file ${name} that the run was trained on (fingerprint ${short(fingerprint)}), got another one of that name (fingerprint ${short(now)}). Open the same file.`
}

/** Why the open files are not those of the run, by their bytes. For runs that do not keep the fingerprint of their rows. */
export async function otherFiles(
  { evaluation, ...train }: DataOfRun,
  open: { file?: PickedFile; evalFile?: PickedFile },
): Promise<Phrase | undefined> {
  const pairs = [
    { wanted: train, found: open.file },
    { wanted: evaluation, found: open.evalFile },
  ]
  for (const { wanted, found } of pairs) {
    const other = wanted && found && (await otherFile(wanted, found))
    if (other) return other
  }
  return undefined
}
