// tabtune: the engine of the studio on the command line. Results go to stdout; progress and errors go to stderr.
import { UnsupportedError, messageOf } from '../config/errors'
import { say } from '../config/phrase'
import { advise } from './commands/advise'
import { bench } from './commands/bench'
import { data } from './commands/data'
import { combine } from './commands/combine'
import { compare } from './commands/compare'
import { devices } from './commands/devices'
import { evaluate } from './commands/eval'
import { exportAdapter } from './commands/export'
import { exportRun } from './commands/export-run'
import { generate } from './commands/generate'
import { inspect } from './commands/inspect'
import { logits } from './commands/logits'
import { map } from './commands/map'
import { merge } from './commands/merge'
import { pictures } from './commands/pictures'
import { plan } from './commands/plan'
import { predict } from './commands/predict'
import { score } from './commands/score'
import { serve } from './commands/serve'
import { studio } from './commands/studio'
import { sweep } from './commands/sweep'
import { train } from './commands/train'
import { refuseUnused } from './command-options'
import { helpText } from './help'
import { Options } from './options'

const commands: Record<string, (options: Options) => Promise<void>> = {
  studio,
  devices,
  inspect,
  plan,
  train,
  eval: evaluate,
  logits,
  score,
  generate,
  compare,
  data,
  pictures,
  predict,
  map,
  combine,
  merge,
  export: exportAdapter,
  'export-run': exportRun,
  serve,
  bench,
  sweep,
  advise,
  help,
}

async function help(): Promise<void> {
  process.stdout.write(helpText())
}

async function main(): Promise<void> {
  const options = new Options(process.argv.slice(2))
  const command = commands[options.flag('help') ? 'help' : options.command]
  if (!command)
    throw new UnsupportedError(
      say`tabtune: expected a command (${Object.keys(commands).join(', ')}), got ${options.command}. Run tabtune help.`,
    )
  if (command !== help) refuseUnused(options)
  await command(options)
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error).split('\n')[0]}\n`)
    if (process.env.TABTUNE_TRACE && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  },
)
