// The README of the folder: what is in it, what each engine needs, and what the same run takes in memory and time on models of other sizes.
import { bytesText } from '../../config/bytes'
import { sentence } from '../../config/phrase'
import type { Engine } from './engine'
import type { PreparedRun, SizePlan } from './prepared-run'

/** Operations per second of one GPU in the table: about half of what an A100 does in BF16 at most. */
const teraflops = 150
const gpuCounts = [1, 2, 4, 8, 16, 64]

/** What one of `gpus` GPUs holds. `shared`: weights and trained values are shared (FSDP, ZeRO-3). */
function heldBytes({ weightsBytes, trainedBytes, activationBytes }: SizePlan, gpus: number, shared: boolean): number {
  return (weightsBytes + trainedBytes) / (shared ? gpus : 1) + activationBytes
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${seconds.toPrecision(2)} s`
  if (seconds < 5400) return `${(seconds / 60).toFixed(0)} min`
  return `${(seconds / 3600).toPrecision(3)} h`
}

function sizeTable({ sizes, steps, training }: PreparedRun): string {
  if (!sizes.length) return 'The settings of this run fit none of the models of the table (1, 8 and 70 billion weights).\n'
  const rows = sizes.flatMap((size) =>
    gpuCounts.map((gpus) => {
      const seconds = (size.flopsPerStep * steps) / (gpus * teraflops * 1e12)
      return `| ${size.name} | ${gpus} | ${bytesText(heldBytes(size, gpus, false))} | ${bytesText(heldBytes(size, gpus, true))} | ${timeText(seconds)} |`
    }),
  )
  return `| Model | GPUs | Each, if it holds all | Each, if they share (FSDP, ZeRO-3) | All steps |
| --- | ---: | ---: | ---: | ---: |
${rows.join('\n')}

From \`tabtune plan\`: the base in BF16, trained values and AdamW's states in F32, and the activations of ${training.batchSize} rows of ${training.maxLength} tokens at once. PyTorch keeps more beside these (buffers for messages, logits of whole rows): leave a quarter free. The time is counted in operations, at ${teraflops} teraflops per GPU and with all rows as long as they may be. It is a bound for planning, and was not measured.
`
}

/** A name of a file or a folder on one line. It may hold line breaks, which could begin a heading or a block of commands. */
const oneLine = (name: string): string => name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')

/** A name as code: between more backticks than it has in a row. */
function code(name: string): string {
  const marks = '`'.repeat(1 + Math.max(0, ...Array.from(name.matchAll(/`+/g), ([found]) => found.length)))
  const space = marks.length > 1 ? ' ' : ''
  return `${marks}${space}${oneLine(name)}${space}${marks}`
}

function baseText({ written, basePath = '', model }: PreparedRun): string {
  const name = oneLine(model.name)
  if (!written)
    return `The base, ${name}, is not in this folder. The scripts take it from ${code(basePath)}; \`--base DIR\` names another place.`
  return `The base is in \`base/\`. ${sentence(written.reason)}`
}

/** README.md of the folder. */
export function readme(run: PreparedRun, able: readonly Engine[], unable: readonly { engine: Engine; lacks: string }[]): string {
  const { method, model, steps, train, evaluation, dataName, firstLoss, settings } = run
  const dropout = Number(settings.dropout ?? settings.encoderDropout ?? 0) > 0
  const fast = run.training.precision === 'fast'
  return `# ${method.label} on ${oneLine(model.name)}, elsewhere

This folder holds a run of TabTune for other engines: ${steps} optimizer steps on ${train.count} rows of ${oneLine(dataName)}. The rows are token ids, so no tokenizer can read them otherwise. Each step takes the same rows as in TabTune, on any number of processes, and its loss is the mean over all of its supervised tokens.

| File | What it has |
| --- | --- |
| \`settings.json\` | the method, all settings, the base's fingerprint, the trained tensors |
| \`data/train.jsonl\` | a row per line: \`input_ids\`, \`attention_mask\`, \`labels\` (-100 = not trained), and its text in \`segments\` |
| \`data/order.jsonl\` | a step per line: the lines of \`train.jsonl\` that it takes, from 0 |
| \`data/eval.jsonl\` | the ${evaluation.count} of ${evaluation.all} held-out rows that each evaluation takes |
| \`start/\` | the adapter before the first step |
${run.recipe ? '| `recipe.json` | how the rows were made |\n' : ''}${run.written ? '| `base/` | the base model |\n' : ''}
${baseText(run)}

${firstLoss === undefined ? '' : `The loss of the first step was ${firstLoss.toFixed(6)} in TabTune. The scripts print theirs beside it. ${fast ? 'TabTune multiplied by the base in f16, and the scripts do not, so losses differ from the first step on.' : 'If the two differ by more than 0.0001 in float32, the base or a version is another one.'}\n\n`}${dropout ? 'The run has dropout. Its masks are random elsewhere too, so losses differ from the first step on.\n\n' : ''}The result is an adapter's folder with \`metrics.jsonl\` and \`run.json\`. Drop it on TabTune's page, or give it to the command line with \`--adapter\`.

${able.map((engine) => `## ${engine.label}\n\n${engine.readme(run)}`).join('\n')}
${unable.length ? `## Not in this folder\n\n${unable.map(({ engine, lacks }) => `- ${engine.label}: ${lacks}`).join('\n')}\n\n` : ''}## Memory and time

${sizeTable(run)}`
}
