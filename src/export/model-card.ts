// The README of an adapter: its method, base and data, its measured losses, and how to load it.
import { askedOf } from '../config/asking'
import { askedInWords } from '../config/asking-words'
import type { RecipeOfData } from '../config/recipe-of-data'
import { fieldsFor } from '../config/field'
import { evaluationMetrics, isMeasured, shortName } from '../config/metrics'
import { sentence } from '../config/phrase'
import { trainingFields } from '../config/run-config'
import type { RunSummary } from '../config/run-reports'
import { kindOfFamily } from '../formats/families/registry'
import { configName } from '../peft/adapter-folder'
import type { Method } from '../peft/method'
import type { FolderFile } from '../peft/model-folder'
import { usageExample } from './usage-example'

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const number = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? 'not measured' : value.toPrecision(4))

/** The page does not open picture models yet. */
const ownUse = (ofPictures: boolean) =>
  `No Python library has this method. Only TabTune loads this folder: ${ofPictures ? '' : 'add it on the page, or '}give it to the command line with \`--adapter\`.\n`

/** transformers 5 calls modules otherwise than the files, so an adapter is loaded with transformers 4. */
function picturesUse(method: Method, isAdapter: boolean): string {
  if (!isAdapter)
    return 'This folder is a whole model. In Python: `AutoModelForImageClassification.from_pretrained("path/to/this/folder")` of transformers.\n'
  if (method.baseTensors)
    return 'The file holds the changed tensors under the names that the base model has in its own files. TabTune loads this folder with `--adapter` or `--init`.\n'
  return 'In Python, with PEFT and transformers 4: `PeftModel.from_pretrained(AutoModelForImageClassification.from_pretrained("path/to/the/base/model"), "path/to/this/folder")`. If the adapter has other classes than the base, give `num_labels` and `ignore_mismatched_sizes=True` to the base. In TabTune: `--adapter` or `--init`.\n'
}

const libraryOf = ({ baseTensors, library }: Method) => (baseTensors ? 'transformers' : (library ?? 'peft'))

/** What a model card says of a run. */
type Run = Pick<RunSummary, 'asking' | 'model' | 'data' | 'finalLoss' | 'firstEval' | 'finalEval'> & {
  config: Pick<RunSummary['config'], 'methodSettings' | 'training' | 'recipe'>
  memory: Pick<RunSummary['memory'], 'trainableParameters' | 'totalParameters'>
}

function useText(summary: Run, method: Method, files: readonly FolderFile[], ends: readonly number[]): string {
  const has = (path: string) => files.some((f) => f.path === path)
  const { asking, config } = summary
  const ofPictures = kindOfFamily(summary.model.family) !== 'text'
  if (method.library === 'tabtune') return ownUse(ofPictures)
  if (ofPictures) return picturesUse(method, has(configName))
  const kind = !has(configName) ? 'whole' : method.baseTensors ? 'tensors' : (method.library ?? 'peft')
  const newTokens = (method.newTokens?.(config.methodSettings).length ?? 0) > 0
  const example = usageExample({ kind, newTokens, asking, ends: [...new Set([...(asking?.ends ?? []), ...ends])] })
  if (kind === 'whole') return `This folder is a whole model. In Python:\n\n${example}`
  if (kind === 'tensors') return `The file holds the changed tensors under the base model's own names. In Python:\n\n${example}`
  if (kind === 'adapters') return `In Python, with the adapters library:\n\n${example}`
  const peft = `In Python, with PEFT:\n\n${example}`
  return has('adapter.gguf') && !newTokens
    ? `${peft}\nIn llama.cpp, with the base in GGUF form: \`llama-cli -m base.gguf --lora adapter.gguf\`\n`
    : peft
}

/** How the data were made, as lines of the table of facts. */
function recipeLine({ files, steps, makers }: RecipeOfData): string {
  const from = Object.entries(makers).map(([maker, count]) => `${count} by ${maker}`)
  const taken = steps.map(({ step }) => step).join(', ')
  return `| Recipe of the data | ${cell(`${files.map(({ name }) => name).join(', ')}: ${taken || 'no steps'} (run.json has their settings)`)} |\n${from.length ? `| Rows by origin | ${from.join(', ')} |\n` : ''}`
}

/** A model card in Markdown, for a folder with `files`. `ends` are the base's own end tokens, `licence` is what its files say. */
export function modelCard(summary: Run, method: Method, files: readonly FolderFile[], ends: readonly number[], licence?: string): string {
  const { fingerprint } = summary.model
  const { config, memory } = summary
  const { replay } = summary.data
  const kind = kindOfFamily(summary.model.family)
  const meaningless = new Set<string>(trainingFields.filter((field) => !fieldsFor([field], kind).length).map(({ key }) => key))
  const asked = askedOf(summary.asking)
  const settings = Object.entries({ ...config.methodSettings, ...config.training })
    .filter(([key]) => !meaningless.has(key))
    .map(([key, value]) => `| ${key} | ${cell(String(value))} |`)
  const heldOut = evaluationMetrics
    .filter((m) => isMeasured(m, kind))
    .map(
      (m) =>
        `| Held-out ${shortName(m).toLowerCase()} before, after | ${number(summary.firstEval?.[m.key])}, ${number(summary.finalEval?.[m.key])} |`,
    )
  return `---
library_name: ${libraryOf(method)}
base_model: ${JSON.stringify(summary.model.name)}
tags: [${method.name}, tabtune]
---

# ${method.label} adapter for ${summary.model.name}

Trained with ${method.label} (${method.paper}) in TabTune, on the owner's device. Base precision: ${summary.model.base}.

| | |
|---|---|
| Base model | ${cell(summary.model.name)}${fingerprint ? `, fingerprint ${fingerprint}` : ''} |
| Licence of the base model | ${cell(licence ?? 'not said in its files')} |
| Licence of the data | ${cell(config.recipe?.licence ?? 'not said in its files')} |
| Data | ${summary.data.name}, ${summary.data.rows} training rows |
${replay ? `| Rows of earlier data among them | ${replay.rows} of ${cell(replay.name)} (${replay.share} were asked for per new row) |\n` : ''}${config.recipe ? recipeLine(config.recipe) : ''}${asked ? `| Prompt | ${cell(sentence(askedInWords(asked)))} |\n` : ''}| Trainable parameters | ${memory.trainableParameters} of ${memory.totalParameters} |
| Loss of the last step | ${number(summary.finalLoss)} |
${heldOut.join('\n')}

## Use

${useText(summary, method, files, ends)}
## Settings

| setting | value |
|---|---|
${settings.join('\n')}
`
}
