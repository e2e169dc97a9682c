// What tabtune help prints. Options and defaults of settings come from their fields.
import { comparisonTraining } from '../config/comparison'
import type { Field } from '../config/field'
import { baseFormats, trainingFields } from '../config/run-config'
import { methods } from '../peft/registry'
import { methodFields, optionOf } from './options'

/** An option with what stands behind it: `--lr X`. */
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

/** What the option does, with what holds without it. */
function explained({ label, help, ...field }: Field): string {
  if (field.type === 'boolean') return `${field.default ? 'Turns off: ' : ''}${label}. ${help}`
  return `${label}. ${help} Default: ${field.default === '' ? 'none' : field.default}.`
}

/** The options of `fields`, one on a line. */
function optionLines(fields: readonly Field[]): string {
  const width = Math.max(...fields.map((f) => usage(f).length))
  return fields.map((f) => `  ${usage(f).padEnd(width)}  ${explained(f)}`).join('\n')
}

export function helpText(fields: readonly Field[] = trainingFields): string {
  const base = baseFormats.join('|')
  return `tabtune devices
tabtune inspect  --model M
tabtune train    --model M --data D [--eval E] --method ${methods.map((m) => m.name).join('|')} [--set key=value]…
                 [--base ${base}] [--init ADAPTER_DIR] [training options] [--hold-out SHARE] [--exact-match] --out DIR
tabtune eval     --model M [--adapter A] --data D [--base …] [--length N] [--batch N] [--exact-match]
tabtune logits   --model M [--adapter A] --ids 1,2,3 --out F.safetensors [--base …]
tabtune generate --model M [--adapter A] --prompt TEXT --max-tokens N [--temperature 0] [--seed N] [--raw]
                 (asked as the adapter was trained, else in the base's chat template; --raw takes the prompt as it stands)
tabtune compare  --model M --data D [--eval E] --methods a,b,c|all [training options] [--exact-match] [--json | --csv]
tabtune data     --model M --data FILE|FOLDER [--length N] [--loss [--rows N] [--batch N]] [--json]
tabtune combine  --adapter A --adapter B [--adapter C]… --weights 0.7,0.3 [--type cat|linear|svd] [--model M] --out DIR
tabtune merge    --model M --adapter A --out DIR [--dtype f16|bf16|f32 | --gguf] [--base …]
tabtune bench    [--only NAME,NAME | --sweep] [--quick] [--steps N] [--kernels] [--json]

Options for reading rows (train, eval, compare, data; docs/data.md has the rules):
  [--format text|prompt-completion|instruction|messages|conversations|tokens] [--columns prompt=COLUMN,completion=COLUMN]
  [--train-on completion|all-assistant|everything] [--task WORDS] [--skip-bad]

Training options (train, compare), with the same defaults as on the page:
${optionLines(fields)}

The learning rate is the method's own where it has one. tabtune compare takes ${comparisonTraining.steps} steps and evaluates every
${comparisonTraining.evalEvery}. No rows are held out for evaluation (--hold-out 0) unless --eval FILE or --hold-out SHARE is given.

Ctrl-C stops a run and keeps its adapter; a second Ctrl-C skips the evaluation at its end.

Settings of the methods, for --set:
${methods.map((m) => `  ${m.name}: ${m.fields.map((f) => `${f.key} (${String(f.default)})`).join(', ')}`).join('\n')}

Settings of methods that have an option of their own too:
${optionLines(methodFields)}
`
}
