// tabtune: the studio's engine without a page. Results go to stdout; progress and errors to stderr.
import { comparisonTraining } from '../config/comparison'
import { errorReport, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { methods } from '../peft/registry'
import { bench } from './commands/bench'
import { data } from './commands/data'
import { combine } from './commands/combine'
import { compare } from './commands/compare'
import { devices } from './commands/devices'
import { evaluate } from './commands/eval'
import { generate } from './commands/generate'
import { inspect } from './commands/inspect'
import { logits } from './commands/logits'
import { merge } from './commands/merge'
import { train } from './commands/train'
import { Options } from './options'
import { trainingDefaults } from './training-options'

const commands: Record<string, (options: Options) => Promise<void>> = {
  devices,
  inspect,
  train,
  eval: evaluate,
  logits,
  generate,
  compare,
  data,
  combine,
  merge,
  bench,
  help,
}

async function help(): Promise<void> {
  process.stdout.write(`tabtune devices
tabtune inspect  --model M
tabtune train    --model M --data D [--eval E] --method ${methods.map((m) => m.name).join('|')} [--set key=value]…
                 [--base native|f32|f16|nf4|nf4-dq] [--init ADAPTER_DIR] [--steps N | --epochs N] [--batch N] [--accumulate N]
                 [--length N] [--lr X] [--schedule constant|linear|cosine] [--warmup N] [--clip X] [--weight-decay X] [--decay-all]
                 [--seed N] [--no-shuffle] [--checkpointing | --memory 2GB] [--optimizer adamw|adamw-8bit] [--optimizer-memory gpu|paged]
                 [--packing] [--hold-out SHARE] [--eval-every N] [--exact-match]
                 [--new-tokens '<a>,<b>'] --out DIR
tabtune eval     --model M [--adapter A] --data D [--base …] [--length N] [--batch N] [--exact-match]
tabtune logits   --model M [--adapter A] --ids 1,2,3 --out F.safetensors [--base …]
tabtune generate --model M [--adapter A] --prompt TEXT --max-tokens N [--temperature 0] [--seed N] [--raw]
                 (asked as the adapter was trained, else in the base's chat template; --raw takes the prompt as it stands)
tabtune compare  --model M --data D [--eval E] --methods a,b,c|all [--steps N] [training options] [--exact-match] [--json | --csv]
tabtune data     --model M --data FILE|FOLDER [--length N] [--loss [--rows N] [--batch N]] [--json]
tabtune combine  --adapter A --adapter B [--adapter C]… --weights 0.7,0.3 [--type cat|linear|svd] [--model M] --out DIR
tabtune merge    --model M --adapter A --out DIR [--dtype f16|bf16|f32 | --gguf] [--base …]
tabtune bench    [--only NAME,NAME | --sweep] [--quick] [--steps N] [--kernels] [--json]

Options for reading rows (train, eval, compare, data; docs/data.md has the rules):
  [--format text|prompt-completion|instruction|messages|conversations|tokens] [--columns prompt=COLUMN,completion=COLUMN]
  [--train-on completion|all-assistant|everything] [--task WORDS] [--skip-bad]

Defaults of the training options, the same as on the page:
  ${trainingDefaults()}
The learning rate is the method's own where it has one; 0 steps are counted from the epochs; tabtune compare takes ${comparisonTraining.steps} steps and
evaluates every ${comparisonTraining.evalEvery}. No rows are held out for evaluation (--hold-out 0) unless --eval FILE or --hold-out SHARE is given.

Ctrl-C stops a run and keeps its adapter; a second Ctrl-C skips the evaluation at its end.

Settings of the methods, for --set:
${methods.map((m) => `  ${m.name}: ${m.fields.map((f) => `${f.key} (${String(f.default)})`).join(', ')}`).join('\n')}
`)
}

async function main(): Promise<void> {
  const options = new Options(process.argv.slice(2))
  const command = commands[options.flag('help') ? 'help' : options.command]
  if (!command)
    throw new UnsupportedError(say`tabtune: expected one of ${Object.keys(commands).join(', ')}, got ${options.command}. Run tabtune help.`)
  await command(options)
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${errorReport(error).message.split('\n')[0]}\n`)
    if (process.env.TABTUNE_TRACE && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  },
)
