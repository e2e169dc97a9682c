// The text of tabtune help. Options and defaults of settings come from their fields.
import { comparisonTraining } from '../config/comparison'
import { answerField } from '../config/answer-length'
import { columnsField, rowFields } from '../config/data-options'
import { readHowFields } from '../config/read-how'
import type { Field } from '../config/field'
import { presetField } from '../config/prompt-presets'
import { usuallyMapped } from '../config/row-map'
import { adapterTargets, ggufMixes } from '../config/run-reports'
import { samplingFields } from '../config/sampling-fields'
import { baseFormats, trainingFields } from '../config/run-config'
import { engines } from '../export/elsewhere/registry'
import { everyMethod } from '../peft/registry'
import { steps } from '../recipe/registry'
import type { RowStep } from '../recipe/step'
import { scores } from '../scores/registry'
import { methodFields, optionOf } from './options'

/** An option with its value: `--lr X`. */
function usage(field: Field): string {
  const option = `--${optionOf(field)}`
  switch (field.type) {
    case 'boolean':
      return option
    case 'choice':
      return `${option} ${field.options.map((o) => o.value).join('|')}`
    case 'text':
      return `${option} TEXT`
    case 'number':
      return `${option} ${field.unit === 'MiB' ? 'SIZE' : field.integer ? 'N' : 'X'}`
  }
}

/** What the option does, and its default. */
function explained({ label, help, ...field }: Field): string {
  if (field.type === 'boolean') return `${field.default ? 'Turns off: ' : ''}${label}. ${help}`
  return `${label}. ${help} Default: ${field.default === '' ? 'none' : field.default}.`
}

const widest = 40

/** The options of `fields`, one per line. The text of a very long option starts on the next line. */
function optionLines(fields: readonly Field[]): string {
  const width = Math.max(...fields.map((f) => usage(f).length).filter((length) => length <= widest))
  const begin = (option: string): string => (option.length > width ? `${option}\n${' '.repeat(width + 2)}` : option.padEnd(width))
  return fields.map((f) => `  ${begin(usage(f))}  ${explained(f)}`).join('\n')
}

function stepLine({ name, help, fields }: RowStep): string {
  const settings = fields.map((f) => `${f.key} (${String(f.default)})`).join(', ')
  return `    ${name}: ${help}${settings && ` Settings: ${settings}.`}`
}

const stepLines = (heading: string): string =>
  `  ${heading}\n${steps
    .filter(({ group }) => group === heading)
    .map(stepLine)
    .join('\n')}`

const studioUsage = `tabtune studio   [--port 4173] [--no-open]
                 (serves the page on this computer and opens it; tabtune without a command does the same)
`

const generateUsage = `tabtune generate --model M [--adapter A] --prompt TEXT [--max-tokens N] [--seed N] [--raw] [--stop TEXT]…
                 [${samplingFields.map(usage).join('] [')}]
                 [--task TEXT] [--system TEXT] [--template TEXT] [--prompt-separator TEXT] [--no-chat-template]
                 (asks as the adapter was trained, unless these options say otherwise, else in the base model's chat template;
                 --raw uses the prompt exactly as written; --stop ends the answer before a text; --max-tokens is ${answerField.default} by default; docs/ways-out.md has the rules
                 of --top-k, --top-p, --min-p and --repetition-penalty)
`

const picturesUsage = `tabtune pictures --data FOLDER|ZIP|ROWS [--classes FILE] [--hold-out SHARE] [--shots N|all] [--seed N] [--report R.json] [--json]
                 [--preprocessor MODEL|FILE] [--flip] [--crop N] [--rotation N] [--translation N] [--colour N] [--erasing N] [--rows N] [--out PIXELS.safetensors]
                 (reads labelled pictures: a folder with a folder for each class, a zip of one, or JSONL or CSV with the columns image and
                 label; says what is broken, tiny, a copy, or in both parts; --out writes what a model gets; the rules are in
                 docs/pictures.md)
`

const predictUsage = `tabtune predict  --model M [--adapter DIR] --image F [--image G]… [--classes FILE] [--class-template T]… [--preprocessor FILE]
                 [--base B] [--batch N] [--json]
                 (the classes of pictures with their probabilities; train, compare, sweep, advise, plan, eval and inspect take such a model
                 too: --data is then a folder, zip or table of labelled pictures as for tabtune pictures, --shots N takes N of each
                 class (compare: --shots 1,2,4,8,16,all), and --classes names the classes in the order of the label numbers; a model
                 gets a new head if its own classes are others; one that compares pictures with texts reads the names in each
                 --class-template, such as 'a photo of a {}.', and eval also measures each template alone)
`

const exportRunUsage = `tabtune export-run --run DIR --out NEW_DIR [--model M] [--data D] [--eval E] [--replay OLD] [--recipe R.json] [--init A] [--dtype f32|f16|bf16]
                 (writes a run that tabtune train has finished for engines that train on many machines: ${engines.map(({ label }) => label).join(', ')};
                 the paths are those of the run unless other ones are given; --dtype is the type of a base that is written out;
                 docs/beyond-one-machine.md)
`

export function helpText(fields: readonly Field[] = trainingFields): string {
  const base = baseFormats.join('|')
  return `${studioUsage}tabtune devices  [--in FILE.json]…
                 (the device that WebGPU offers; with result files of a benchmark, their rows for docs/devices.md)
tabtune inspect  --model M
tabtune plan     --model M | --config config.json --methods a,b,c|all [training options] [--set key=value]… [--base ${base}]
                 [--dtype f32|f16|bf16] [--beside 280GB] [--json]
                 (what runs with every row at --length take, from the model's headers or its config.json alone, without a GPU; --beside
                 says how many adapters of the type --dtype fit into that many bytes beside one base model; with --memory, also the largest
                 batch and the longest rows in it)
tabtune train    --model M --data D [--eval E] --method ${everyMethod.map((m) => m.name).join('|')} [--set key=value]…
                 [--base ${base}] [--init ADAPTER_DIR] [training options] [--hold-out SHARE] [--exact-match]
                 [--dtype f32|f16|bf16] [--save-every N] [--recipe R.json] [--replay OLD [--replay-share 0.2]] [--eval-old OLD_EVAL] --out DIR
                 (--dtype is the type of the adapter's values; --replay mixes in rows of earlier data, --eval-old measures its held-out rows before and after)
                 [--first TEXT --first-steps N] (trains on other rows or plain text first, in DIR/first, and continues from there)
tabtune train    --resume DIR
tabtune eval     --model M [--adapter A] --data D [--base …] [--length N] [--batch N] [--exact-match]
                 [--metrics auto|NAME,…] [--rows N] [--max-tokens N] [--answers FILE]
                 (answers the rows, or a seeded sample of N, and judges the answers)
tabtune score    --data ANSWERS.jsonl [--against OTHERS.jsonl] [--metrics ${scores.map((score) => score.name).join(',')}] [--json]
                 (judges answers of any model; columns: prompt, expected, answer)
tabtune logits   --model M [--adapter A] --ids 1,2,3 --out F.safetensors [--base …]
${generateUsage}tabtune compare  --model M[,M2…] --data D [--eval E] --methods a,b,c|all [--vary SETTING=A,B]… [--set key=value]… [--base ${base}]
                 [--eval-old OLD_EVAL] [--target-perplexity X] [training options] [--exact-match] [--json | --csv]
                 [--metrics auto|NAME,…] [--rows N] [--max-tokens N] [--shots 0,1,4,8] [--base-prompt TEXT]… [--against OTHERS.jsonl,…]
                 (--vary trains a method once for each value, and for each combination if it is given several times: --vary lora.r=8,16
                 --vary seed=1,2 --vary 'lora.targetModules=q_proj,v_proj|all-linear' --vary base=native,nf4 --vary lr=1e-4,1e-3; without a
                 method's name, every method that has the setting is varied; --eval-old is measured for the base and after every run;
                 --metrics judges answers to the held-out rows, or to a sample of N; --shots and --base-prompt also ask the untrained base
                 with solved examples in front, and with other task descriptions; --against has another model's answers, with the columns
                 prompt and answer; the rules of the table are in docs/comparisons.md)
tabtune data     --model M --data FILE|FOLDER [--length N] [--loss [--rows N] [--batch N]] [--json]
tabtune data     --in FILE [--in FILE]… [--weights 2,0.5 | --join COLUMN] [--eval FILE] [--recipe R.json] [--out D.jsonl] [--report R.json] [--card README.md]
                 (cleans rows; --join gives the rows of the first file the columns of the second; the steps of a recipe are in docs/data.md)
${picturesUsage}${predictUsage}tabtune map      --model M --data D [--eval E] [--recipe R.json] [--rows N] [--seed S] [--length N] [--base …] --out MAP.jsonl
                 (places a seeded sample of the rows, ${usuallyMapped} by default, by the base's features, with each row's loss and its key
                 for the step drop-picked)
tabtune combine  --adapter A --adapter B [--adapter C]… --weights 0.7,0.3 [--type cat|linear|svd] [--model M] --out DIR
tabtune merge    --model M --adapter A --out DIR [--dtype f16|bf16|f32 | --gguf [--dtype ${ggufMixes.join('|')}]] [--base …]
tabtune export   --model M --adapter A --to ${adapterTargets.join('|')} --out DIR [--dtype f32|f16|bf16]
                 (writes a LoRA, QLoRA or DoRA adapter for another program; docs/ways-out.md says what each one takes)
${exportRunUsage}tabtune serve    --model M [--adapter A]… [--port 8080] [--key KEY] [--base …]
                 (answers as OpenAI's API on this computer only; the model's name in a request is the name of the adapter's folder, or of
                 the base; docs/ways-out.md)
tabtune sweep    --model M --data D [--eval E] --method NAME [options of train] [--grid] [--json]
                 (tries learning rates for 30 steps each and suggests one; --grid also trains whole runs at many rates, as a check)
tabtune advise   --model M --data D [--eval E] --method NAME [options of train] [--precisions] [--json]
                 (measures a few steps with 1, 2, 4, 8, … rows at once, and says the time and memory of the run with each; --precisions takes
                 the first steps with exact and with fast products instead, and says how their losses and times differ; nothing is kept)
tabtune bench    [--only NAME,NAME | --sweep] [--quick] [--steps N] [--kernels] [--json]
tabtune bench    --models [--minutes 2] [--json] [--out FILE.json [--device NAME]]
                 (training steps of real models' shapes; --out writes the result file that the page makes at #bench)

Steps of a recipe (tabtune data --recipe; a recipe is {"tabtuneRecipe": 1, "steps": [{"step": NAME, "settings": {…}}, …]}):
${[...new Set(steps.map(({ group }) => group))].map(stepLines).join('\n')}

Options for reading rows (train, eval, compare, data; the rules are in docs/data.md):
${optionLines([...readHowFields, ...rowFields, presetField, columnsField])}

Training options (train, compare; the defaults are the same as on the page):
${optionLines(fields)}

If a method has its own default learning rate, that one is used. LoRA, QLoRA and DoRA start at 1e-3 on models with fewer than 10 million
weights, at 2e-4 up to 1 billion, and at 1e-4 from there. By default tabtune compare trains for ${comparisonTraining.steps} steps and evaluates
after every ${comparisonTraining.evalEvery} steps. No rows are held out for evaluation unless --eval FILE or --hold-out SHARE is given.

Ctrl-C stops a run and keeps its adapter. A second Ctrl-C skips the evaluation at the end. If the held-out loss was lower at an
earlier step, the adapter of that step is in DIR/best.

With --save-every N, a run keeps what it needs in DIR/snapshot after every N steps and after each evaluation. If it is interrupted or
stopped, tabtune train --resume DIR takes the model, the data and all settings from there, takes the steps that are left, and ends as if
nothing had happened: its numbers have the same bits. It needs the model and the data where they were.

Settings of the methods, with their defaults, for --set:
${everyMethod.map((m) => `  ${m.name}: ${m.fields.map((f) => `${f.key} (${String(f.default)})`).join(', ') || 'none'}`).join('\n')}

Settings of methods that also have their own option:
${optionLines(methodFields)}
`
}
