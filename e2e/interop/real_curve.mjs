// Compares the losses of a training run with those of PEFT's run of SmolLM2-135M-Instruct, and prints the table of docs/real-model.md:
//   node e2e/interop/real_curve.mjs LINES [EVERY]
// LINES is what `tabtune train` printed (docs/real-model.md has the command). PEFT's losses are in ../shared/models/SmolLM2-135M-Instruct.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const [lines, every = '20'] = process.argv.slice(2)
if (!lines || !(Number(every) > 0)) {
  process.stderr.write('node e2e/interop/real_curve.mjs LINES [EVERY]\n')
  process.exit(2)
}
const folder = resolve(import.meta.dirname, '../../../shared/models/SmolLM2-135M-Instruct')
/** @type {{ losses: number[] }} */
const peft = JSON.parse(readFileSync(join(folder, 'curve.json'), 'utf8'))
/** @type {{ step: number, loss: number, elapsedMs: number, totalTokens: number }[]} */
const ours = readFileSync(lines, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('{"step"'))
  .map((line) => JSON.parse(line))
if (ours.length === 0) throw new Error(`${lines}: expected lines that begin with {"step", got none.`)

let largest = { step: 0, difference: 0 }
process.stdout.write('| Step | TabTune | PEFT | Difference |\n| ---: | ---: | ---: | ---: |\n')
for (const { step, loss } of ours) {
  const difference = loss - peft.losses[step - 1]
  if (Math.abs(difference) > Math.abs(largest.difference)) largest = { step, difference }
  if (step === 1 || step % Number(every) === 0)
    process.stdout.write(`| ${step} | ${loss.toFixed(6)} | ${peft.losses[step - 1].toFixed(6)} | ${difference.toExponential(1)} |\n`)
}
const last = ours[ours.length - 1]
process.stdout.write(
  `\n${ours.length} of ${peft.losses.length} steps, ${last.totalTokens} tokens, ${(last.elapsedMs / 60_000).toFixed(0)} minutes. `,
)
process.stdout.write(`Largest difference: ${largest.difference.toExponential(1)}, at step ${largest.step}.\n`)
